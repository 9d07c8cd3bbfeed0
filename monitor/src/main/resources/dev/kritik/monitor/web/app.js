// Views by address, keys, and the frame around them.

import { h, morph, text, attribute } from './dom.js';
import { live, listen, connect, pause } from './live.js';
import { number } from './format.js';
import { overview, troubles } from './overview.js';
import { groups } from './groups.js';
import { group } from './group.js';
import { deadLetters } from './deadletters.js';

const VIEWS = { '/': overview, '/groups': groups, '/group': group, '/dead-letters': deadLetters };
const THEMES = { auto: 'Auto', light: 'Light', dark: 'Dark' };

const main = document.getElementById('main');
const say = document.getElementById('say');
let view = null;
let shown = null;
let said = '';

const query = () => new URLSearchParams(location.search);

/** Goes to an address of this page; within a view it stays as it is, and reads the address anew. */
function go(href, within = false) {
  if (within) {
    history.replaceState(null, '', href);
    view.update();
    return;
  }
  history.pushState(null, '', href);
  open(true);
}

function open(moved) {
  const path = location.pathname in VIEWS ? location.pathname : '/';
  const key = path === '/group' ? path + location.search : path;
  if (key !== shown || view === null) {
    view?.close();
    view = VIEWS[path](query, go);
    shown = key;
    main.replaceChildren(view.element);
    document.title = view.title + ' – Kritik';
    if (moved) {
      main.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
  } else {
    view.arrive?.();
  }
  for (const one of document.querySelectorAll('header [data-view]')) {
    const here = one.dataset.view === path || (path === '/group' && one.dataset.view === '/groups');
    attribute(one, 'aria-current', here && !one.classList.contains('brand') ? 'page' : null);
  }
  view.update();
}

addEventListener('popstate', () => open(false));

document.addEventListener('click', event => {
  const anchor = event.target.closest?.('a[data-view]');
  if (anchor && event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    go(anchor.getAttribute('href'));
  }
});

// The frame

const stateNames = { connecting: 'connecting', live: 'live', disconnected: 'disconnected', paused: 'paused' };

function frame() {
  const state = live.paused ? 'paused' : live.state;
  const element = document.getElementById('state');
  attribute(element, 'data-state', state);
  text(element, stateNames[state]);
  const notice = document.getElementById('notice');
  const lost = live.state === 'disconnected';
  notice.hidden = !lost;
  if (lost && notice.childNodes.length === 0) {
    morph(notice, ['The dashboard does not answer; what you see is what was known last. It connects again by itself. If it does not: is ', h('code', {}, 'kritik dashboard'), ' still running?']);
  } else if (!lost) {
    notice.replaceChildren();
  }
  const { picture } = live;
  if (picture !== null) {
    const count = document.getElementById('dead-count');
    count.hidden = picture.flow.dead === 0;
    text(count, picture.flow.dead === 0 ? '' : number(picture.flow.dead));
    announce(picture);
  }
}

/** Tells a screen reader when there is new trouble, or none any more; not each second. */
function announce(picture) {
  const bad = troubles(picture).filter(([kind]) => kind === 'bad').map(([, what]) => h('span', {}, what).textContent.replace(/[\d.,]+ ?(%|min|h|s)?/g, '')).join(' ');
  if (bad !== said) {
    said = bad;
    say.textContent = bad === '' ? 'All is well.' : troubles(picture).filter(([kind]) => kind === 'bad').map(([, what]) => h('span', {}, what).textContent).join(' ');
  }
}

function togglePause() {
  pause(!live.paused);
  const button = document.getElementById('pause');
  button.setAttribute('aria-pressed', String(live.paused));
  button.textContent = live.paused ? 'Go on' : 'Pause';
}

function theme(next) {
  const root = document.documentElement;
  if (next === 'auto') {
    delete root.dataset.theme;
  } else {
    root.dataset.theme = next;
  }
  document.getElementById('theme').textContent = '◐ ' + THEMES[next];
  document.getElementById('theme').setAttribute('aria-label', 'Colours: ' + THEMES[next]);
  try {
    localStorage.setItem('kritik-theme', next);
  } catch { /* storage may be refused: then it holds for this page */ }
}

function nextTheme() {
  const names = Object.keys(THEMES);
  theme(names[(names.indexOf(document.documentElement.dataset.theme ?? 'auto') + 1) % names.length]);
}

document.getElementById('pause').addEventListener('click', togglePause);
document.getElementById('theme').addEventListener('click', nextTheme);
document.getElementById('help').addEventListener('click', () => document.getElementById('keys').showModal());

const keys = {
  o: () => go('/'),
  g: () => go('/groups'),
  d: () => go('/dead-letters'),
  p: togglePause,
  t: nextTheme,
  '?': () => document.getElementById('keys').showModal(),
  '/': () => {
    if (shown !== '/groups') {
      go('/groups');
    }
    document.getElementById('q').focus();
  },
};

document.addEventListener('keydown', event => {
  const typing = event.target.matches?.('input, select, textarea') || document.getElementById('keys').open;
  if (!typing && !event.ctrlKey && !event.metaKey && !event.altKey && event.key in keys) {
    event.preventDefault();
    keys[event.key]();
  }
});

theme(document.documentElement.dataset.theme ?? 'auto');
listen(() => {
  frame();
  if (live.state === 'live') {
    view.update();
  }
});
open(false);
connect();
