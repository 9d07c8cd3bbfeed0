// Records that could not be used: why, where from; their bytes only when asked for.

import { h, morph, link, get } from './dom.js';
import { live } from './live.js';
import { number, count, bytes, ago, at, words } from './format.js';

const AGAIN_MS = 2000;
const MOST = 200;

/** The view. */
export function deadLetters(query) {
  const reasons = h('div', {});
  const list = h('div', {}, h('p', { class: 'quiet' }, 'Loading …'));
  const element = h('div', {}, h('h1', {}, 'Dead letters'),
    h('p', { class: 'quiet' }, 'Records that could not be used, put aside with the reason. They stand on the topic dead-letters as they were read.'), reasons, list);
  let fetched = 0;

  async function fetchNow() {
    fetched = performance.now();
    const reason = query().get('reason') ?? '';
    try {
      const answer = await get('/api/dead-letters?reason=' + encodeURIComponent(reason));
      if (reason === (query().get('reason') ?? '')) {
        draw(answer, reason);
      }
    } catch (error) {
      morph(list, [h('p', { class: 'error', role: 'alert' }, error.message)]);
    }
  }

  function choices() {
    const reason = query().get('reason') ?? '';
    const known = live.picture?.deadLetters ?? [];
    const all = known.reduce((sum, one) => sum + one.count, 0);
    morph(reasons, [known.length === 0 ? null : h('ul', { class: 'choices', 'aria-label': 'Reasons' },
      h('li', { 'data-key': '' }, link('/dead-letters', { 'aria-current': reason === '' ? 'true' : null }, 'All ', h('b', {}, number(all)))),
      known.map(one => h('li', { 'data-key': one.reason }, link('/dead-letters?reason=' + encodeURIComponent(one.reason), { 'aria-current': one.reason === reason ? 'true' : null }, words(one.reason), ' ', h('b', {}, number(one.count))))))]);
  }

  function draw(answer, reason) {
    const shown = answer.deadLetters.slice(0, MOST);
    morph(list, [
      shown.length === 0 ? h('p', { class: 'empty' }, reason ? 'None with this reason in the window.' : 'None in the window. That is how it should be.')
        : h('ul', { class: 'letters' }, shown.map(letter => row(letter, answer.nowMs))),
      answer.deadLetters.length > MOST ? h('p', { class: 'quiet' }, `The newest ${MOST} of ${count(answer.deadLetters.length, 'record')}.`) : null]);
  }

  function update() {
    choices();
    if (!live.paused && performance.now() - fetched > AGAIN_MS) {
      fetchNow();
    }
  }

  fetchNow();
  return { title: 'Dead letters', element, update, close: () => {}, arrive: fetchNow };
}

function row(letter, now) {
  const { place } = letter;
  const body = h('div', { 'data-still': '' });
  return h('li', { class: 'panel letter', 'data-key': `${place.partition}@${place.offset}` },
    h('p', { class: 'head' }, h('span', { class: 'chip warn' }, words(letter.reason)), h('span', { class: 'quiet', title: at(letter.atMs) }, ago(letter.atMs, now))),
    letter.detail ? h('p', { class: 'written' }, letter.detail) : null,
    h('p', { class: 'quiet small id' }, [
      letter.topic !== null ? `read from ${letter.topic}, partition ${letter.partition}, offset ${letter.offset}` : null,
      letter.by ? `put aside by ${letter.by}` : null, letter.key !== null ? `key ${letter.key}` : 'no key', bytes(letter.bytes),
      `here: partition ${place.partition}, offset ${place.offset}`].filter(Boolean).join(' · ')),
    h('details', { ontoggle: event => event.target.open && open(body, place, false) }, h('summary', {}, 'Headers and bytes'), body));
}

async function open(body, place, payload) {
  if (!payload && body.childNodes.length > 0) {
    return;
  }
  try {
    const letter = await get('/api/dead-letter?' + new URLSearchParams({ ...place, payload }));
    morph(body, [
      h('dl', { class: 'facts' }, Object.entries(letter.headers).map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', { class: 'written id' }, value)))),
      letter.value === undefined
        ? h('button', { type: 'button', onclick: () => open(body, place, true) }, `Show the ${letter.bytes === null ? 'value' : bytes(letter.bytes)}`)
        : letter.value.form === 'none' ? h('p', { class: 'empty' }, 'The record has no value.')
          : [h('pre', { class: 'bytes', tabindex: '0', role: 'region', 'aria-label': 'Bytes of the record' }, letter.value.text), letter.value.cut ? h('p', { class: 'quiet' }, 'Only the first 16 KB.') : null],
    ]);
  } catch (error) {
    morph(body, [h('p', { class: 'error', role: 'alert' }, error.message)]);
  }
}
