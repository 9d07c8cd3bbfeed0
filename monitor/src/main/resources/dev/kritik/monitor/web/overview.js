// The overview: what flows, what waits, what fails.

import { h, morph, link, groupHref, chip, TONE } from './dom.js';
import { live, points, pace } from './live.js';
import { Chart, spark, bar, histogram } from './chart.js';
import { number, decimal, count, share, rate, duration, ago, at, words, DASH } from './format.js';
import { groupRow, groupTable } from './groups.js';

const MINUTE = 60_000;
const RANGES = [[5 * MINUTE, '5 min'], [15 * MINUTE, '15 min'], [60 * MINUTE, '1 h'], [6 * 60 * MINUTE, '6 h'], [24 * 60 * MINUTE, '24 h']];

/** The view: {element, update(), close()}. */
export function overview(query, go) {
  const parts = Object.fromEntries(['attention', 'flow', 'figures', 'ranges', 'scores', 'judges', 'outcomes', 'dead', 'recent']
    .map(name => [name, h('div', { class: 'part-' + name })]));
  const perMinute = value => `${decimal(value, value < 10 ? 1 : 0)} /min`;
  const flow = new Chart({ title: 'Flow', hint: 'records per minute', show: perMinute });
  const open = new Chart({ title: 'Open groups', hint: 'waiting for members or critiques', whole: true, show: value => count(value, 'group') });
  const samples = new Chart({ title: 'Samples for each response', hint: 'asked for, against allowed; mean of the groups that ended', show: value => decimal(value) });
  const lag = new Chart({ title: 'Lag', hint: 'records not read yet, by group and topic', whole: true, show: value => count(value, 'record') });
  const charts = [flow, open, samples, lag];

  const element = h('div', { class: 'overview' },
    h('h1', { class: 'hidden' }, 'Overview'),
    parts.attention, parts.flow, parts.figures, parts.ranges,
    h('div', { class: 'grid2' }, flow.element, open.element, samples.element, lag.element),
    h('div', { class: 'grid3' }, panel('Rewards', parts.scores), panel('How groups ended', parts.outcomes), panel('Dead letters', parts.dead)),
    h('div', { class: 'grid1' }, panel('Judges', parts.judges), panel('Newest groups', parts.recent)));

  function range() {
    const wanted = Number(query().get('range')) * MINUTE;
    return RANGES.some(([ms]) => ms === wanted) ? Math.min(wanted, live.picture.windowMs) : Math.min(15 * MINUTE, live.picture.windowMs);
  }

  function update() {
    const picture = live.picture;
    if (picture === null) {
      return;
    }
    const ms = range();
    const over = points(ms);
    const paced = name => point => point.whole ? point[name] * MINUTE / point.width : null;
    morph(parts.attention, [attention(picture)]);
    morph(parts.flow, [flowStrip(picture)]);
    morph(parts.figures, [figures(picture)]);
    morph(parts.ranges, [ranges(picture, ms, query, go)]);
    flow.update(over, [
      { name: 'rollouts', of: paced('rollouts'), area: true },
      { name: 'critiques', of: paced('critiques') },
      { name: 'of these without scores', of: paced('failed') },
      { name: 'rewards', of: paced('rewards') },
    ]);
    open.update(over, [{ name: 'open', of: point => point.open, area: true }]);
    samples.update(over, [
      { name: 'asked for', of: point => point.rewards ? point.spent / point.rewards : null, area: true },
      { name: 'allowed (k)', of: point => point.rewards ? point.allowed / point.rewards : null },
    ]);
    lag.update(over, lagSeries(picture), lagHint(picture));
    morph(parts.scores, [scores(picture, query, go)]);
    morph(parts.outcomes, [outcomes(picture)]);
    morph(parts.judges, [judges(picture)]);
    morph(parts.dead, [dead(picture)]);
    morph(parts.recent, [recent(picture)]);
  }

  return { title: 'Overview', element, update, close: () => charts.forEach(chart => chart.close()) };
}

function panel(title, content, kind = '') {
  const id = 'panel-' + title.toLowerCase().replaceAll(' ', '-');
  return h('section', { class: 'panel ' + kind, 'aria-labelledby': id }, h('h2', { id }, title), content);
}

/** What a person should look at now, most urgent first. */
export function troubles(picture) {
  const found = [];
  const recent = pace5(picture);
  if (picture.trouble) {
    found.push(['bad', picture.trouble]);
  }
  if (picture.open.groups > 0 && picture.open.oldestMs > 5 * MINUTE) {
    found.push(['bad', ['Group ', picture.open.oldest ? link(groupHref(picture.open.oldest), {}, picture.open.oldest.group) : '',
      ` has been open for ${duration(Math.floor(picture.open.oldestMs / MINUTE) * MINUTE)}.`]]);
  }
  if (recent.critiques >= 5 && recent.failed / recent.critiques > 0.2) {
    found.push(['bad', `${share(recent.failed, recent.critiques)} of the critiques of the last 5 minutes have no scores.`]);
  }
  if (picture.open.groups > 0 && picture.open.critiques > 0 && recent.critiques === 0 && picture.open.oldestMs > MINUTE) {
    found.push(['bad', 'Critiques are waited for, and none came in the last 5 minutes. Does a worker run, and does its judge answer?']);
  }
  if (recent.dead > 0) {
    found.push(['warn', [`${count(recent.dead, 'dead letter')} in the last 5 minutes. `, link('/dead-letters', {}, 'Look at the reasons')]]);
  }
  if (picture.flow.compared >= 20 && picture.flow.flat / picture.flow.compared > 0.5) {
    found.push(['warn', `${share(picture.flow.flat, picture.flow.compared)} of the groups have no spread: all their rewards are equal, and a trainer learns nothing from them.`]);
  }
  if (picture.lag.trouble) {
    found.push(['warn', picture.lag.trouble]);
  }
  return found;
}

function pace5(picture) {
  const sums = { critiques: 0, failed: 0, dead: 0 };
  for (const slice of live.slices.values()) {
    if (slice.t >= picture.nowMs - 5 * MINUTE) {
      for (const name of Object.keys(sums)) {
        sums[name] += slice[name];
      }
    }
  }
  return sums;
}

function attention(picture) {
  if (!picture.caughtUp && !picture.trouble) {
    return h('p', { class: 'attention quiet' }, 'Still reading what has happened in the window; numbers are growing.');
  }
  const found = troubles(picture);
  if (found.length === 0) {
    return h('p', { class: 'attention good' }, picture.flow.rollouts === 0
      ? ['Nothing has come in yet. Publish rollouts (', h('code', {}, 'kritik rollouts publish groups.jsonl'), '), or start ', h('code', {}, 'kritik local --demo'), '.']
      : 'All is well.');
  }
  return h('ul', { class: 'attention' }, found.map(([kind, said]) => h('li', { class: kind }, said)));
}

function flowStrip(picture) {
  const lately = points(10 * MINUTE).filter(point => point.whole);
  const usable = picture.flow.critiques - failed(picture);
  const stage = (name, key, series, below) => {
    const [value, unit] = rate(pace(key));
    return h('li', { class: 'stage' },
      h('h2', {}, name), h('p', { class: 'big' }, h('b', {}, value), h('span', { class: 'unit' }, unit)),
      spark(smooth(lately.map(point => point[key])), series), h('p', { class: 'quiet' }, below));
  };
  return h('ol', { class: 'flow', 'aria-label': 'The flow: rates of the last minute' },
    stage('Rollouts in', 'rollouts', 0, `${number(picture.flow.rollouts)} in the last ${windowName(picture)}`),
    stage('Critiques asked for', 'asked', 0, `${number(picture.open.critiques)} being waited for`),
    stage('Critiques written', 'critiques', 1, picture.flow.critiques ? `${share(usable, picture.flow.critiques)} with scores` : 'none yet'),
    stage('Rewards out', 'rewards', 3, picture.reward.count ? `after ${duration(picture.reward.p50)}; 95 % within ${duration(picture.reward.p95)}` : 'none yet'));
}

function failed(picture) {
  return picture.critiques.filter(one => one.status !== 'OK').reduce((sum, one) => sum + one.count, 0);
}

/** Few records a slice make saw teeth: the mean of a few neighbours tells more. */
function smooth(values) {
  const around = 4;
  return values.map((unused, i) => {
    const near = values.slice(Math.max(0, i - around), i + around + 1);
    return near.reduce((a, b) => a + b, 0) / near.length;
  });
}

export function windowName(picture) {
  const m = Math.round(picture.windowMs / MINUTE);
  return m === 60 ? 'hour' : m % 60 === 0 ? `${m / 60} hours` : `${m} min`;
}

function figures(picture) {
  const { open, flow } = picture;
  const figure = (name, value, below, kind = '') => h('div', { class: 'figure ' + kind }, h('dt', {}, name), h('dd', {}, h('b', {}, value), h('span', { class: 'quiet' }, below)));
  return h('dl', { class: 'figures' },
    figure('Open groups', number(open.groups), open.groups === 0 ? 'none waits' : open.collecting === 0 ? 'all being judged' : open.collecting === 1 ? '1 waits for members' : `${number(open.collecting)} wait for members`),
    figure('Oldest open', open.groups ? duration(Math.floor(open.oldestMs / 1000) * 1000) : DASH,
      open.oldest ? link(groupHref(open.oldest), {}, open.oldest.group) : 'none is open', open.oldestMs > 5 * MINUTE ? 'bad' : ''),
    figure('Samples saved', flow.allowed ? share(flow.allowed - flow.spent, flow.allowed) : DASH,
      flow.allowed ? `${number(flow.spent)} of ${number(flow.allowed)} asked for` : 'no group has ended'),
    figure('Without spread', share(flow.flat, flow.compared), flow.compared ? `${number(flow.flat)} of ${count(flow.compared, 'group')}; ${number(flow.tied)} tied` : 'no group to compare',
      flow.compared >= 20 && flow.flat / flow.compared > 0.5 ? 'warn' : ''),
    figure('Tokens written', number(flow.writtenTokens), `${number(flow.promptTokens)} read`),
    figure('Dead letters', number(flow.dead), flow.dead ? link('/dead-letters', {}, 'reasons') : 'none', flow.dead ? 'warn' : ''));
}

function ranges(picture, ms, query, go) {
  const fit = RANGES.filter(([range]) => range <= picture.windowMs || range === RANGES[0][0]);
  return h('div', { class: 'ranges', role: 'group', 'aria-label': 'Charts show the last' },
    h('span', { class: 'quiet' }, 'Charts show the last'),
    fit.map(([range, name]) => h('button', {
      type: 'button', 'data-key': name, 'aria-pressed': String(range === ms),
      onclick: () => { const next = query(); next.set('range', range / MINUTE); go('/?' + next, true); },
    }, name)));
}

function scores(picture, query, go) {
  const jobs = picture.scores;
  const wanted = query().get('job') ?? '';
  const chosen = jobs.filter(one => wanted === '' || one.job === wanted);
  const counts = Array.from({ length: 10 }, (unused, i) => chosen.reduce((sum, one) => sum + one.counts[i], 0));
  const all = counts.reduce((a, b) => a + b, 0);
  const mean = counts.reduce((sum, n, i) => sum + n * (i + 1), 0) / all;
  return h('div', {},
    h('label', { class: 'pick' }, 'Job ', h('select', {
      onchange: event => { const next = query(); event.target.value ? next.set('job', event.target.value) : next.delete('job'); go('/?' + next, true); },
    }, h('option', { value: '', selected: wanted === '' }, 'all'),
    [...new Set([...jobs.map(one => one.job), wanted].filter(Boolean))].map(job => h('option', { value: job, selected: job === wanted, 'data-key': job }, job)))),
    all === 0 ? h('p', { class: 'empty' }, 'No rewards yet.') : [
      histogram(counts, 'Rewards, rounded'),
      h('p', { class: 'quiet' }, `${count(all, 'reward')}, rounded to whole scores from 1 to 10; mean ${decimal(mean)}.`)]);
}

function reasonRows(reasons, all) {
  return reasons.map(one => h('tr', { 'data-key': one.status + one.reason },
    h('th', { scope: 'row' }, chip(one.status), ' ', one.reason ? words(one.reason) : ''),
    h('td', { class: 'grow' }, bar(one.count / all, TONE[one.status] ?? '')),
    h('td', { class: 'n' }, number(one.count)), h('td', { class: 'n quiet' }, share(one.count, all))));
}

function outcomes(picture) {
  const all = picture.outcomes.reduce((sum, one) => sum + one.count, 0);
  return all === 0 ? h('p', { class: 'empty' }, 'No group has ended yet.')
    : h('div', {}, h('table', { class: 'reasons' }, h('thead', { class: 'hidden' }, h('tr', {}, ['Status and reason', 'Share', 'Groups', 'Per cent'].map(name => h('th', { scope: 'col' }, name)))),
      h('tbody', {}, reasonRows(picture.outcomes, all))),
    h('p', { class: 'quiet' }, `From the first rollout to the reward: half within ${duration(picture.reward.p50)}, 95 % within ${duration(picture.reward.p95)}, 99 % within ${duration(picture.reward.p99)}.`,
      picture.judging.count ? ` Of that judging: half within ${duration(picture.judging.p50)}, 95 % within ${duration(picture.judging.p95)}.` : ''));
}

function judges(picture) {
  if (picture.judges.length === 0) {
    return h('p', { class: 'empty' }, 'No critique has come yet. A worker writes them: kritik worker.');
  }
  return h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Judges' }, h('table', {},
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Judge'), h('th', { scope: 'col', class: 'n' }, 'Critiques'), h('th', { scope: 'col', class: 'n' }, 'With scores'),
      h('th', { scope: 'col', class: 'n' }, 'Half within'), h('th', { scope: 'col', class: 'n' }, '95 %'), h('th', { scope: 'col', class: 'n' }, '99 %'), h('th', { scope: 'col' }, 'Without scores, by reason'))),
    h('tbody', {}, picture.judges.map(judge => {
      const all = judge.critiques.reduce((sum, one) => sum + one.count, 0);
      const good = judge.critiques.find(one => one.status === 'OK')?.count ?? 0;
      return h('tr', { 'data-key': judge.name }, h('th', { scope: 'row', class: 'id' }, judge.name), h('td', { class: 'n' }, number(all)), h('td', { class: 'n' }, share(good, all)),
        h('td', { class: 'n' }, duration(judge.time.p50)), h('td', { class: 'n' }, duration(judge.time.p95)), h('td', { class: 'n' }, duration(judge.time.p99)),
        h('td', {}, judge.critiques.filter(one => one.status !== 'OK').map(one => h('span', { class: 'tag', 'data-key': one.reason }, `${words(one.reason || one.status)} `, h('b', {}, number(one.count)))),
          good === all ? h('span', { class: 'quiet' }, 'none') : null));
    }))));
}

function dead(picture) {
  const all = picture.flow.dead;
  return all === 0 ? h('p', { class: 'empty' }, `None in the last ${windowName(picture)}.`)
    : h('table', { class: 'reasons' }, h('thead', { class: 'hidden' }, h('tr', {}, ['Reason', 'Share', 'Records'].map(name => h('th', { scope: 'col' }, name)))),
      h('tbody', {}, picture.deadLetters.map(one => h('tr', { 'data-key': one.reason },
        h('th', { scope: 'row' }, link('/dead-letters?reason=' + encodeURIComponent(one.reason), {}, words(one.reason))),
        h('td', { class: 'grow' }, bar(one.count / all, 'warn')), h('td', { class: 'n' }, number(one.count))))));
}

/** Six lines at most, those that are behind first. */
function lagSeries(picture) {
  return picture.lag.lines.filter(line => line.records !== null).sort((a, b) => b.records - a.records).slice(0, 6)
    .sort((a, b) => (a.group + a.topic < b.group + b.topic ? -1 : 1))
    .map(line => {
      const name = `${line.group} on ${line.topic}`;
      return { name, note: line.records > 0 && line.seconds !== null ? `oldest ${duration(line.seconds * 1000)}` : '', of: point => point.lag[name] ?? null };
    });
}

function lagHint(picture) {
  const { lines, atMs, trouble } = picture.lag;
  const unknown = lines.filter(line => line.records === null).map(line => `${line.group} on ${line.topic}`);
  const parts = ['records not read yet, by group and topic'];
  if (atMs === null) {
    parts.push(trouble ?? 'not asked yet');
  } else if (trouble) {
    parts.push(`as of ${ago(atMs, picture.nowMs)}`);
  }
  if (unknown.length > 0) {
    parts.push('not known: ' + unknown.join(', '));
  }
  return parts.join('; ');
}

function recent(picture) {
  return picture.recent.length === 0 ? h('p', { class: 'empty' }, 'No group yet.')
    : [groupTable(picture.recent.map(line => groupRow(line, picture.nowMs))), h('p', {}, link('/groups', {}, 'All groups'))];
}
