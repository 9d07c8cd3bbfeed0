// One group: what was asked and answered, what the judges wrote, and how the vote went.

import { h, morph, get, link, chip } from './dom.js';
import { live } from './live.js';
import { number, decimal, count, duration, ago, at, time, words, DASH } from './format.js';

const AGAIN_MS = 2500;
const LONG = 1200;
const IDS = new Set(['Job', 'Group', 'Trace', 'Judges', 'Meta RM']);

/** The view. */
export function group(query) {
  const id = { job: query().get('job') ?? '', group: query().get('group') ?? '', attempt: Number(query().get('attempt') ?? 0) };
  const body = h('div', {}, h('p', { class: 'quiet' }, 'Reading the records of the group …'));
  const element = h('article', { class: 'group' },
    h('p', { class: 'crumbs' }, link('/groups', {}, 'Groups'), ' / ', link('/groups?job=' + encodeURIComponent(id.job), { class: 'id' }, id.job)),
    h('h1', { class: 'id' }, id.group), body);
  let ended = false;
  let fetched = 0;
  let fetching = false;

  async function fetchNow() {
    if (fetching) {
      return;
    }
    fetching = true;
    try {
      const answer = await get('/api/group?' + new URLSearchParams(id));
      ended = answer.end !== null && answer.missing === 0;
      morph(body, draw(answer, id));
    } catch (error) {
      morph(body, [h('p', { class: 'error', role: 'alert' }, error.message), h('button', { type: 'button', onclick: fetchNow }, 'Try again')]);
    } finally {
      fetching = false;
      fetched = performance.now();
    }
  }

  function update() {
    if (!ended && !live.paused && performance.now() - fetched > AGAIN_MS && element.contains(body)) {
      fetchNow();
    }
  }

  fetchNow();
  return { title: id.group, element, update, close: () => { ended = true; } };
}

function draw(answer, id) {
  const { end } = answer;
  return [
    head(answer, id),
    answer.missing > 0 ? h('p', { class: 'notice-line warn' }, `${count(answer.missing, 'record')} of this group could not be read: deleted by retention, or too many to fetch.`) : null,
    section('Query', conversation(answer), 'query'),
    section(end ? 'Responses, by reward' : 'Responses', responses(answer), 'responses'),
    answer.samples.length > 0 ? section('How the vote went', votes(answer), 'votes') : null,
    section('Samples: principles and critiques', samples(answer), 'samples'),
    section('About this group', facts(answer, id), 'facts'),
  ];
}

function section(title, content, key) {
  return h('section', { class: 'panel', 'data-key': key, 'aria-labelledby': 'h-' + key }, h('h2', { id: 'h-' + key }, title), content);
}

function head(answer) {
  const { line, end } = answer;
  const said = end === null
    ? line.state === 'COLLECTING' ? `${line.arrived} of ${line.size} members are there.` : `${line.usable + line.unusable} of ${line.asked} critiques are there.`
    : [end.reason ? words(end.reason) + '. ' : '', end.detail ? end.detail + ' ' : '', stopped(end)];
  const took = end === null ? `open for ${duration(Math.floor((answer.nowMs - line.sinceMs) / 1000) * 1000)}` : `took ${duration(end.closedMs - end.openedMs)}`;
  return h('p', { class: 'head', 'data-key': 'head' }, chip(line.state), h('span', {}, said), h('span', { class: 'quiet', title: at(line.sinceMs) }, `began ${ago(line.sinceMs, answer.nowMs)}, ${took}`));
}

function stopped(end) {
  return {
    ALL_SAMPLES: 'All samples that were wanted have been counted.',
    DECIDED: `Stopped after ${end.spent} of ${end.k} samples: more could hardly have changed the outcome${end.changeChance === null ? '' : ` (estimated ${decimal(100 * end.changeChance)} in 100)`}.`,
    EVALUATION_DEADLINE: 'The deadline for judging came first.',
    COLLECTION_DEADLINE: 'The deadline for members came first.',
    NOTHING_TO_JUDGE: 'There was nothing to judge.',
    RULED: 'Rules decided on every response; no judge was asked.',
  }[end.stop] ?? words(end.stop);
}

/** A text that others wrote: shown as it is, long ones with a button. */
function written(content, key) {
  const pre = h('div', { class: 'written', 'data-key': key }, content);
  if (content.length <= LONG) {
    return pre;
  }
  return h('details', { class: 'long', 'data-key': key }, h('summary', {}, h('span', { class: 'written start' }, content.slice(0, LONG / 2) + ' …'), h('span', { class: 'more' }, `Show all ${number(content.length)} characters`)), h('div', { class: 'written' }, content));
}

function conversation(answer) {
  if (answer.messages.length === 0) {
    return h('p', { class: 'empty' }, 'Its rollouts are not in the window of the dashboard.');
  }
  return [
    h('ol', { class: 'messages' }, answer.messages.map((message, i) => h('li', { 'data-key': i }, h('h3', { class: 'role' }, message.role), written(message.content, 'm' + i)))),
    answer.reference ? h('div', { class: 'aside' }, h('h3', { class: 'role' }, 'Reference, which the judge saw'), written(answer.reference, 'reference')) : null,
    answer.label ? h('div', { class: 'aside' }, h('h3', { class: 'role' }, 'Label, which no judge saw'), written(answer.label, 'label')) : null,
  ];
}

function responses(answer) {
  const sorted = [...answer.responses].sort((a, b) => (a.rank ?? 1e9) - (b.rank ?? 1e9) || a.index - b.index);
  return h('ol', { class: 'cards' }, sorted.map(one => h('li', { class: 'card' + (one.rank === 1 ? ' first' : ''), 'data-key': one.index },
    h('div', { class: 'card-head' },
      h('h3', {}, `Response #${one.index}`),
      one.reward !== undefined && one.reward !== null
        ? h('p', { class: 'reward' }, h('b', {}, decimal(one.reward, 2)), h('span', { class: 'quiet' }, ` of 10 · ${ordinal(one.rank)}${answer.responses.filter(other => other.rank === one.rank).length > 1 ? ', tied' : ''}`))
        : one.status ? h('p', { class: 'reward' }, h('span', { class: 'chip warn' }, one.status), h('span', { class: 'quiet' }, ' ' + words(one.reason))) : null),
    one.text === null ? h('p', { class: 'empty' }, 'Its text is not in the window.') : one.text === '' ? h('p', { class: 'empty' }, 'Empty.') : written(one.text, 't' + one.index),
    h('p', { class: 'quiet small' }, [
      one.kept !== undefined && one.valid > 0 ? `${one.kept} of ${count(one.valid, 'vote')} kept` : null,
      one.spread !== undefined && one.spread !== null ? `spread ${decimal(one.spread, 2)}` : null,
      one.judgedAs !== undefined && one.judgedAs !== null ? `equal to #${one.judgedAs}, judged once` : null,
      one.rule ? `decided by rule ${one.rule}` : null,
      one.marks?.length ? `marks: ${one.marks.join(', ')}` : null,
    ].filter(Boolean).join(' · ')))));
}

function ordinal(n) {
  return n === 1 ? 'best' : n === 2 ? '2nd' : n === 3 ? '3rd' : n + 'th';
}

function votes(answer) {
  const shown = answer.samples.filter(sample => sample.counted || answer.end === null);
  const panels = new Set(shown.map(sample => sample.panel)).size > 1;
  const name = sample => `${sample.sample + 1}${panels ? '.' + (sample.panel + 1) : ''}`;
  const cell = (sample, response) => {
    const score = sample.scores?.find(one => one.index === response.index);
    if (score === undefined) {
      return h('td', { class: 'n vote none' }, sample.status === 'OK' ? '' : h('span', { title: words(sample.reason) }, '×'));
    }
    const kept = score.kept !== false;
    return h('td', { class: 'n vote' + (kept ? ' kept' : ' dropped') }, kept ? h('span', {}, score.score) : h('s', {}, score.score),
      h('span', { class: 'hidden' }, score.kept === undefined ? '' : kept ? ' kept' : ' dropped'));
  };
  return [
    h('p', { class: 'quiet' }, answer.samples.some(sample => sample.metaLogit !== null && sample.metaLogit !== undefined)
      ? 'Scores from 1 to 10. The Meta RM rates each sample (logit, higher is better); struck out is what its filter dropped. The reward is the mean of what was kept.'
      : 'Scores from 1 to 10. The reward is the mean of the kept ones; × is a sample without scores.'),
    h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Votes' }, h('table', { class: 'votes' },
      h('thead', {},
        h('tr', {}, h('th', { scope: 'col' }, 'Sample'), shown.map(sample => h('th', { scope: 'col', class: 'n' }, name(sample))), h('th', { scope: 'col', class: 'n' }, 'Reward'), h('th', { scope: 'col', class: 'n' }, 'Spread')),
        h('tr', { class: 'logits' }, h('th', { scope: 'row' }, 'Meta RM'), shown.map(sample => h('td', { class: 'n' }, decimal(sample.metaLogit, 2))), h('td'), h('td'))),
      h('tbody', {}, answer.responses.map(response => h('tr', { 'data-key': response.index },
        h('th', { scope: 'row' }, '#' + response.index), shown.map(sample => cell(sample, response)),
        h('td', { class: 'n' }, h('b', {}, decimal(response.reward, 2))), h('td', { class: 'n quiet' }, decimal(response.spread, 2))))))),
  ];
}

function samples(answer) {
  if (answer.samples.length === 0) {
    return h('p', { class: 'empty' }, answer.end === null ? 'No critique has come yet.' : 'No critiques: nothing was judged, or they are not in the window.');
  }
  const first = Math.max(0, answer.samples.findIndex(sample => sample.text && sample.scores?.some(score => score.kept)));
  return answer.samples.map((sample, i) => {
    const key = `${sample.sample}.${sample.panel}`;
    const kept = sample.scores?.filter(score => score.kept).length ?? 0;
    return h('details', { class: 'sample', 'data-key': key, open: i === first },
      h('summary', {},
        h('span', { class: 'sample-name' }, `Sample ${sample.sample + 1}${sample.panel > 0 ? `, panel ${sample.panel + 1}` : ''}`), chip(sample.status),
        sample.reason ? h('span', { class: 'bad' }, words(sample.reason)) : null,
        sample.scores?.length ? h('span', { class: 'scores' }, sample.scores.map(score => h('span', { class: 'tag' + (score.kept === false ? ' dropped' : '') }, `#${score.index} `, h('b', {}, score.score)))) : null,
        sample.metaLogit !== null && sample.metaLogit !== undefined ? h('span', { class: 'quiet' }, `Meta RM ${decimal(sample.metaLogit, 2)}`) : null,
        sample.scores?.length && sample.counted ? h('span', { class: 'quiet' }, kept === sample.scores.length ? 'kept' : kept === 0 ? 'dropped' : `kept for ${kept} of ${sample.scores.length}`) : null,
        sample.late ? h('span', { class: 'quiet' }, 'came too late to count') : null),
      h('div', { class: 'sample-body' },
        sample.order?.length ? h('p', { class: 'quiet small' }, 'Shown to the judge as: ' + sample.order.map((index, place) => `${place + 1} = #${index}`).join(', ') + '.') : null,
        sample.detail ? h('p', { class: 'bad' }, sample.detail) : null,
        sample.text ? h('div', { class: 'written critique' }, sample.text) : h('p', { class: 'empty' }, sample.worker === undefined ? 'The critique is not in the window, or never came.' : 'The judge wrote nothing.'),
        h('p', { class: 'quiet small' }, [
          sample.kind ? `${sample.judge ? sample.judge + ': ' : ''}${sample.kind}:${sample.model}@${sample.promptVersion}` : sample.judge,
          sample.replaced ? `in place of ${sample.replaced}` : null,
          sample.judgeMs !== undefined ? `${duration(sample.judgeMs)} in the judge` : null,
          sample.metaMs ? `${duration(sample.metaMs)} in the Meta RM` : null,
          sample.writtenTokens ? `${number(sample.promptTokens)} tokens read, ${number(sample.writtenTokens)} written` : null,
          sample.tries > 1 ? `${sample.tries} tries` : null,
          sample.delivery > 1 ? `delivery ${sample.delivery}` : null,
          sample.seed !== undefined ? `seed ${sample.seed}` : null,
          sample.finishReason ? `ended with ${sample.finishReason}` : null,
          sample.metaDetail ? `Meta RM: ${sample.metaDetail}` : null,
          sample.worker, sample.finishedMs ? time(sample.finishedMs) : null,
        ].filter(Boolean).join(' · '))));
  });
}

function facts(answer, id) {
  const { end } = answer;
  const rows = [
    ['Job', id.job], ['Group', id.group], ['Attempt', id.attempt], ['Policy version', end?.policyVersion ?? answer.policyVersion],
    ['Trace', answer.trace], ['Goal', end?.goal], ['Samples', end ? `${end.spent ?? end.k} of ${end.k} for each response` : null],
    ['Critiques', end ? `${end.valid} usable, ${end.received} received, ${end.asked} asked for` : null],
    ['Kept by the Meta RM', end?.metaModels.length ? end.kMeta === null ? 'half of the valid votes' : end.kMeta === 0 ? 'all' : `${end.kMeta} for each response` : null],
    ['Judges', end?.models.join(', ')], ['Meta RM', end?.metaModels.join(', ')],
    ['Jury', end?.jury.map(one => `${one.name} (weight ${one.weight}, ${one.valid} of ${one.asked} usable)`).join(', ')],
    ['Tokens', end ? `${number(end.promptTokens)} read, ${number(end.writtenTokens)} written` : null],
    ['First member', end ? at(end.openedMs) : null],
    ['Judging began', end?.judgingMs ? `${at(end.judgingMs)}, ${duration(end.judgingMs - end.openedMs)} later` : null],
    ['Ended', end ? `${at(end.closedMs)}${end.judgingMs ? `, ${duration(end.closedMs - end.judgingMs)} later` : ''}` : null],
    ...Object.entries(answer.metadata ?? {}).map(([name, value]) => [`Metadata: ${name}`, value]),
  ];
  return h('dl', { class: 'facts' }, rows.filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', { class: IDS.has(name) ? 'id' : '' }, value))));
}
