// The list of groups.

import { h, morph, link, groupHref, get, chip } from './dom.js';
import { live } from './live.js';
import { number, decimal, count, duration, ago, at, words, DASH } from './format.js';

const STATES = [['', 'any'], ['OPEN', 'open'], ['ENDED', 'ended'], ['OK', 'OK'], ['PARTIAL', 'partial'], ['FAILED', 'failed'], ['TIMEOUT', 'timed out']];
const ORDERS = [['newest', 'newest first'], ['slowest', 'slowest first'], ['failed', 'failed first']];
const STEP = 100;
const AGAIN_MS = 2000;

/** A scale from 1 to 10 with lowest, mean and highest reward on it. */
function rewards(ending) {
  if (ending === null || ending.mean === null) {
    return h('span', { class: 'quiet' }, DASH);
  }
  const x = value => 4 + (value - 1) / 9 * 92;
  return h('span', { class: 'spread' },
    h('svg', { viewBox: '0 0 100 12', 'aria-hidden': 'true' },
      h('line', { class: 'grid', x1: 4, x2: 96, y1: 6, y2: 6 }),
      h('line', { class: 'range', x1: x(ending.lowest), x2: x(ending.highest), y1: 6, y2: 6 }),
      h('circle', { class: 'mean', cx: x(ending.mean), cy: 6, r: 3.5 })),
    h('span', { class: 'numbers' }, `${decimal(ending.lowest)} – ${decimal(ending.highest)}`));
}

export function groupTable(rows) {
  return h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Groups' }, h('table', { class: 'groups' },
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Group'), h('th', { scope: 'col' }, 'State'), h('th', { scope: 'col' }, 'Rewards'),
      h('th', { scope: 'col', class: 'n' }, 'Samples'), h('th', { scope: 'col', class: 'n' }, 'Critiques'), h('th', { scope: 'col', class: 'n' }, 'Took'), h('th', { scope: 'col', class: 'n' }, 'Began'))),
    h('tbody', {}, rows)));
}

export function groupRow(line, now) {
  const { ending } = line;
  const age = ending === null ? Math.max(0, now - line.sinceMs) : Math.max(0, ending.closedMs - ending.openedMs);
  const marks = ending === null ? [] : [ending.hinted && 'hinted', ending.tied && 'tie', ending.rewarded > 1 && ending.highest - ending.lowest < 1e-9 && 'no spread'].filter(Boolean);
  return h('tr', { 'data-key': `${line.id.job}/${line.id.group}/${line.id.attempt}` },
    h('th', { scope: 'row' }, link(groupHref(line.id), { class: 'id' }, line.id.group),
      h('span', { class: 'quiet id' }, line.id.job + (line.id.attempt > 0 ? `, attempt ${line.id.attempt}` : ''))),
    h('td', { 'data-name': 'State' }, chip(line.state), ending?.reason ? h('span', { class: 'quiet' }, ' ' + words(ending.reason)) : null,
      marks.map(mark => [' ', h('span', { class: 'tag' }, mark)]),
      ending === null && line.arrived < line.size ? h('span', { class: 'quiet' }, ` ${line.arrived} of ${line.size} members`) : null),
    h('td', { 'data-name': 'Rewards' }, rewards(ending)),
    h('td', { 'data-name': 'Samples', class: 'n' }, ending === null ? DASH : `${ending.spent} of ${ending.k}`),
    h('td', { 'data-name': 'Critiques', class: 'n' }, number(line.usable), line.unusable > 0 ? h('span', { class: 'bad' }, ` + ${number(line.unusable)} failed`) : null),
    h('td', { 'data-name': 'Took', class: 'n' }, ending === null ? duration(Math.floor(age / 1000) * 1000) + ' so far' : duration(age)),
    h('td', { 'data-name': 'Began', class: 'n', title: at(line.sinceMs) }, ago(line.sinceMs, now)));
}

/** The view. */
export function groups(query, go) {
  let limit = STEP;
  let fetched = 0;
  let asked = '';
  let fetching = false;
  let typing = null;
  const list = h('div', { class: 'list' }, h('p', { class: 'quiet' }, 'Loading …'));
  const jobs = h('select', { id: 'job', onchange: () => set('job', jobs.value) });
  const states = h('select', { id: 'status', onchange: () => set('status', states.value) }, STATES.map(([value, name]) => h('option', { value }, name)));
  const orders = h('select', { id: 'order', onchange: () => set('order', orders.value) }, ORDERS.map(([value, name]) => h('option', { value }, name)));
  const search = h('input', { id: 'q', type: 'search', placeholder: 'part of the id', autocomplete: 'off', spellcheck: 'false',
    oninput: () => { clearTimeout(typing); typing = setTimeout(() => set('q', search.value.trim()), 250); } });
  const element = h('div', {}, h('h1', {}, 'Groups'),
    h('form', { class: 'filters', role: 'search', onsubmit: event => event.preventDefault() },
      h('label', { for: 'q' }, 'Group', search), h('label', { for: 'job' }, 'Job', jobs), h('label', { for: 'status' }, 'State', states), h('label', { for: 'order' }, 'Order', orders)),
    list);

  function set(name, value) {
    const next = query();
    value ? next.set(name, value) : next.delete(name);
    limit = STEP;
    go('/groups' + (next.size ? '?' + next : ''), true);
    fetchNow();
  }

  function show() {
    const now = query();
    const names = [...new Set([...(live.picture?.jobs ?? []), now.get('job')].filter(Boolean))];
    if (document.activeElement !== jobs) {
      morph(jobs, [h('option', { value: '' }, 'all'), names.map(name => h('option', { value: name }, name))]);
    }
    for (const [field, name, otherwise] of [[jobs, 'job', ''], [states, 'status', ''], [orders, 'order', 'newest'], [search, 'q', '']]) {
      if (document.activeElement !== field && field.value !== (now.get(name) ?? otherwise)) {
        field.value = now.get(name) ?? otherwise;
      }
    }
  }

  async function fetchNow() {
    const wanted = new URLSearchParams(query());
    wanted.set('limit', limit + 1);
    if (fetching && asked === String(wanted)) {
      return;
    }
    fetching = true;
    asked = String(wanted);
    try {
      const answer = await get('/api/groups?' + wanted);
      if (asked === String(wanted)) {
        draw(answer);
      }
    } catch (error) {
      morph(list, [h('p', { class: 'error', role: 'alert' }, error.message)]);
    } finally {
      fetching = false;
      fetched = performance.now();
    }
  }

  function draw(answer) {
    const shown = answer.groups.slice(0, limit);
    const letGo = live.picture?.letGo ?? 0;
    morph(list, [
      shown.length === 0
        ? h('p', { class: 'empty' }, query().size > 0 ? 'No group of the window is like this. Fewer filters show more.' : ['No group has come in yet. ', h('code', {}, 'kritik rollouts publish'), ' sends some, ', h('code', {}, 'kritik local --demo'), ' keeps sending.'])
        : groupTable(shown.map(line => groupRow(line, answer.nowMs))),
      answer.groups.length > limit ? h('button', { type: 'button', 'data-key': 'more', onclick: () => { limit += STEP; fetchNow(); } }, `Show ${STEP} more`) : null,
      letGo > 0 ? h('p', { class: 'quiet' }, `${count(letGo, 'older group')} made room for newer ones (dashboard.groups.max).`) : null,
    ]);
  }

  function update() {
    show();
    if (!live.paused && performance.now() - fetched > AGAIN_MS) {
      fetchNow();
    }
  }

  show();
  fetchNow();
  return { title: 'Groups', element, update, close: () => clearTimeout(typing), arrive: fetchNow };
}
