// Lines over time, as SVG: with a summary in words, a table of the same numbers, and a cursor for mouse, finger and keys.

import { h, morph, text, attribute } from './dom.js';
import { time, hour, number, DASH } from './format.js';

const LEFT = 42;
const RIGHT = 10;
const TOP = 8;
const BOTTOM = 22;
const HEIGHT = 168;

/** A round number that is at least x: 1, 2, 5, 10, 20, ... */
function nice(x) {
  if (x <= 0) {
    return 1;
  }
  const power = 10 ** Math.floor(Math.log10(x));
  return [1, 2, 4, 5, 10].find(step => step * power >= x) * power;
}

function axis(value) {
  return value >= 10_000 ? number(value).replace(',000', 'k') : Number.isInteger(value) ? number(value) : String(+value.toPrecision(2));
}

/**
 * A chart that stays in the page and is given new points.
 *
 * options: {title, hint, unit, show(value): text, whole: y has whole numbers only}; series: [{name, of(point): number or null,
 * area}]. The element is to be put into the page once.
 */
export class Chart {
  constructor(options) {
    this.options = options;
    this.points = [];
    this.series = [];
    this.cursor = null;
    this.legend = h('ul', { class: 'legend' });
    this.hint = h('p', { class: 'quiet' }, options.hint ?? '');
    this.plot = h('div', { class: 'plot', tabindex: '0', role: 'img', 'data-still': '' });
    this.tip = h('div', { class: 'tip', hidden: true, 'aria-hidden': 'true' });
    this.rows = h('div', { class: 'scroll' });
    this.table = h('details', { class: 'table', ontoggle: () => this.fillTable() }, h('summary', {}, 'As a table'), this.rows);
    this.element = h('figure', { class: 'panel chart', 'data-still': '' },
      h('figcaption', {}, h('h2', {}, options.title), this.hint, this.legend),
      h('div', { class: 'frame' }, this.plot, this.tip), this.table);
    this.plot.addEventListener('pointermove', event => this.point(event));
    this.plot.addEventListener('pointerdown', event => this.point(event));
    this.plot.addEventListener('pointerleave', () => this.move(null));
    this.plot.addEventListener('blur', () => this.move(null));
    this.plot.addEventListener('keydown', event => this.key(event));
    this.watcher = new ResizeObserver(() => this.draw());
    this.watcher.observe(this.plot);
  }

  close() {
    this.watcher.disconnect();
  }

  update(points, series, hint = null) {
    if (hint !== null) {
      text(this.hint, hint);
    }
    this.points = points;
    this.series = series;
    this.draw();
    this.fillTable();
  }

  show(value) {
    return value === null || value === undefined ? DASH : this.options.show ? this.options.show(value) : number(Math.round(value * 10) / 10) + (this.options.unit ? ' ' + this.options.unit : '');
  }

  draw() {
    const width = Math.max(200, Math.round(this.plot.clientWidth));
    if (this.points.length === 0 || this.plot.clientWidth === 0) {
      return;
    }
    const values = this.series.map(one => this.points.map(point => one.of(point)));
    const known = values.flat().filter(value => value !== null);
    let top = nice(Math.max(...known, 0));
    if (this.options.whole) {
      top = Math.max(4, top + top % 2); // so that the middle is a whole number, too
    }
    this.x = i => LEFT + (width - LEFT - RIGHT) * (this.points.length === 1 ? 1 : i / (this.points.length - 1));
    const y = value => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
    const parts = [];
    for (const share of [0, 0.5, 1]) {
      const level = y(top * share);
      parts.push(h('line', { class: 'grid', x1: LEFT, x2: width - RIGHT, y1: level, y2: level }));
      parts.push(h('text', { class: 'axis', x: LEFT - 6, y: level + 4, 'text-anchor': 'end' }, axis(top * share)));
    }
    const labels = width > 520 ? 4 : 2;
    for (let n = 0; n <= labels; n++) {
      const i = Math.round((this.points.length - 1) * n / labels);
      parts.push(h('text', {
        class: 'axis', x: this.x(i), y: HEIGHT - 5,
        'text-anchor': n === 0 ? 'start' : n === labels ? 'end' : 'middle',
      }, hour(this.points[i].t)));
    }
    values.forEach((line, s) => {
      for (const [from, to] of stretches(line)) {
        const path = [];
        for (let i = from; i <= to; i++) {
          path.push(`${path.length ? 'L' : 'M'}${this.x(i).toFixed(1)} ${y(line[i]).toFixed(1)}`);
        }
        if (from === to) {
          parts.push(h('circle', { class: `dot s${s}`, cx: this.x(from), cy: y(line[from]), r: 2.5 }));
        } else if (this.series[s].area) {
          parts.push(h('path', { class: `area s${s}`, d: `${path.join('')}L${this.x(to)} ${y(0)}L${this.x(from)} ${y(0)}Z` }));
        }
        parts.push(h('path', { class: `line s${s}`, d: path.join('') }));
      }
    });
    if (this.cursor !== null && this.cursor < this.points.length) {
      const at = this.x(this.cursor);
      parts.push(h('line', { class: 'cursor', x1: at, x2: at, y1: TOP, y2: HEIGHT - BOTTOM }));
      values.forEach((line, s) => line[this.cursor] !== null
        && parts.push(h('circle', { class: `dot s${s}`, cx: at, cy: y(line[this.cursor]), r: 3.5 })));
    }
    morph(this.plot, [h('svg', { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, 'aria-hidden': 'true' },
      parts.map((part, i) => (part.setAttribute('data-key', part.nodeName + i), part)))]);
    attribute(this.plot, 'aria-label', this.summary(values));
    morph(this.legend, this.series.map((one, s) => h('li', { class: 's' + s },
      h('svg', { class: 'swatch', viewBox: '0 0 18 8', 'aria-hidden': 'true' }, h('path', { class: `line s${s}`, d: 'M0 4L18 4' })),
      h('span', { class: 'name' }, one.name), ' ', h('b', {}, this.show(last(values[s]))), one.note ? h('span', { class: 'name' }, ', ' + one.note) : null)));
    this.drawTip(width);
  }

  summary(values) {
    const begin = `${this.options.title}, ${hour(this.points[0].t)} to ${hour(this.points.at(-1).t)}.`;
    const known = this.series.map((one, s) => {
      const line = values[s].filter(value => value !== null);
      return line.length === 0 ? `${one.name}: nothing yet.`
        : `${one.name}: now ${this.show(last(values[s]))}, highest ${this.show(Math.max(...line))}, lowest ${this.show(Math.min(...line))}.`;
    });
    return [begin, ...known, 'Arrow keys read single points.'].join(' ');
  }

  fillTable() {
    if (!this.table.open) {
      return;
    }
    const head = h('tr', {}, h('th', { scope: 'col' }, 'Time'), this.series.map(one => h('th', { scope: 'col', class: 'n' }, one.name)));
    const rows = this.points.map(point => h('tr', { 'data-key': point.t }, h('th', { scope: 'row' }, time(point.t)),
      this.series.map(one => h('td', { class: 'n' }, this.show(one.of(point)))))).reverse();
    attribute(this.rows, 'tabindex', '0');
    attribute(this.rows, 'role', 'region');
    attribute(this.rows, 'aria-label', this.options.title + ', as a table');
    morph(this.rows, [h('table', {}, h('thead', {}, head), h('tbody', {}, rows))]);
  }

  point(event) {
    const box = this.plot.getBoundingClientRect();
    const share = (event.clientX - box.left - LEFT) / (box.width - LEFT - RIGHT);
    this.move(Math.round(share * (this.points.length - 1)));
  }

  key(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[event.key];
    const now = this.cursor ?? this.points.length - 1;
    if (step !== undefined) {
      this.move(now + step);
    } else if (event.key === 'Home') {
      this.move(0);
    } else if (event.key === 'End') {
      this.move(this.points.length - 1);
    } else {
      return;
    }
    event.preventDefault();
    text(document.getElementById('say'), this.told().join(', '));
  }

  move(index) {
    this.cursor = index === null ? null : Math.max(0, Math.min(this.points.length - 1, index));
    this.draw();
  }

  told() {
    const point = this.points[this.cursor];
    return point === undefined ? [] : [time(point.t), ...this.series.map(one => `${one.name} ${this.show(one.of(point))}`)];
  }

  drawTip(width) {
    const told = this.cursor === null ? [] : this.told();
    this.tip.hidden = told.length === 0;
    if (told.length > 0) {
      morph(this.tip, told.map((line, i) => h(i === 0 ? 'strong' : 'div', {}, line)));
      const at = this.x(this.cursor) / width;
      this.tip.style.left = at < 0.5 ? `calc(${at * 100}% + 12px)` : '';
      this.tip.style.right = at < 0.5 ? '' : `calc(${(1 - at) * 100}% + 12px)`;
    }
  }
}

function last(line) {
  for (let i = line.length - 1; i >= 0; i--) {
    if (line[i] !== null) {
      return line[i];
    }
  }
  return null;
}

/** Where a line has values without a gap. */
function stretches(line) {
  const found = [];
  let from = -1;
  for (let i = 0; i <= line.length; i++) {
    const there = i < line.length && line[i] !== null;
    if (there && from < 0) {
      from = i;
    } else if (!there && from >= 0) {
      found.push([from, i - 1]);
      from = -1;
    }
  }
  return found;
}

/** A small line without axes, beside a number that says the same. */
export function spark(values, series = 0) {
  const top = Math.max(...values, 1e-9);
  const step = 120 / Math.max(1, values.length - 1);
  const line = values.map((value, i) => `${i ? 'L' : 'M'}${(i * step).toFixed(1)} ${(27 - 25 * value / top).toFixed(1)}`).join('');
  return h('svg', { class: 'spark', viewBox: '0 0 120 28', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    h('path', { class: `area s${series}`, d: `${line}L120 28L0 28Z` }), h('path', { class: `line s${series}`, d: line }));
}

/** A bar of a share between 0 and 1; says nothing that its text does not. */
export function bar(share, kind = '') {
  return h('svg', { class: 'bar-of ' + kind, viewBox: '0 0 100 6', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    h('rect', { class: 'rest', width: 100, height: 6 }),
    h('rect', { class: 'part', width: Math.max(share > 0 ? 1 : 0, 100 * share).toFixed(1), height: 6 }));
}

/** Columns for scores 1 to 10. */
export function histogram(counts, label) {
  const top = Math.max(...counts, 1);
  const all = counts.reduce((a, b) => a + b, 0);
  const columns = counts.map((n, i) => {
    const height = 96 * n / top;
    return [
      h('rect', { class: 'column', x: 4 + i * 32, y: 110 - height, width: 24, height: Math.max(height, n > 0 ? 1 : 0), rx: 2 }),
      n > 0 ? h('text', { class: 'axis', x: 16 + i * 32, y: 105 - height, 'text-anchor': 'middle' }, number(n)) : null,
      h('text', { class: 'axis', x: 16 + i * 32, y: 126, 'text-anchor': 'middle' }, i + 1),
    ];
  });
  const words = counts.map((n, i) => n > 0 ? `${n} times ${i + 1}` : '').filter(Boolean).join(', ');
  return h('svg', { class: 'histogram', viewBox: '0 -4 324 134', role: 'img', 'aria-label': `${label}: ${all} rewards. ${words}` },
    h('line', { class: 'grid', x1: 0, x2: 324, y1: 110.5, y2: 110.5 }), columns);
}
