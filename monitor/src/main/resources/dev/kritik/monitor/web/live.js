// The picture of the window, kept up to date by server-sent events; the browser connects again by itself.

const SILENT_MS = 5000;

export const live = {
  picture: null,
  slices: new Map(),
  state: 'connecting',
  paused: false,
  listeners: new Set(),
};

let source = null;
let heard = 0;

export function listen(listener) {
  live.listeners.add(listener);
  return () => live.listeners.delete(listener);
}

function tell() {
  for (const listener of live.listeners) {
    listener();
  }
}

/** Begins; to be called once. */
export function connect() {
  open();
  setInterval(() => {
    if (live.state === 'live' && performance.now() - heard > SILENT_MS) {
      state('disconnected');
    }
  }, 1000);
}

function open() {
  source?.close();
  source = new EventSource('/api/stream');
  source.addEventListener('full', event => take(event, true));
  source.addEventListener('delta', event => take(event, false));
  source.onerror = () => {
    state('disconnected');
    if (source.readyState === EventSource.CLOSED) { // refused, not cut off: the browser does not try again
      setTimeout(again, 2000);
    }
  };
}

async function again() {
  try {
    const answer = await fetch('/health/live');
    if (answer.ok && (await fetch('/api/groups?limit=1')).status === 401) {
      location.assign('/login');
      return;
    }
  } catch { /* it is down: tried again by the browser */ }
  open();
}

function take(event, full) {
  heard = performance.now();
  if (!live.paused) {
    merge(JSON.parse(event.data), full);
  }
  state('live', !live.paused);
}

function merge(picture, full) {
  if (full) {
    live.slices.clear();
  }
  for (const slice of picture.slices) {
    live.slices.set(slice.t, slice);
  }
  const begin = picture.nowMs - picture.windowMs - picture.sliceMs;
  for (const t of live.slices.keys()) {
    if (t < begin) {
      live.slices.delete(t);
    }
  }
  live.picture = picture;
}

function state(next, changed = false) {
  if (live.state !== next || changed) {
    live.state = next;
    tell();
  }
}

/** Holds the picture still, or fetches it anew. */
export function pause(on) {
  live.paused = on;
  if (!on) {
    open();
  }
  tell();
}

/** Points of equal width over a range that ends now: [{t, rollouts, ...}], gaps filled with zeros. */
export function points(rangeMs) {
  const { nowMs, sliceMs, openBefore } = live.picture;
  const most = 40; // so that few records a slice make no saw teeth
  const width = Math.max(sliceMs, Math.ceil(rangeMs / most / sliceMs) * sliceMs);
  const last = Math.floor(nowMs / width) * width;
  const first = last - Math.ceil(rangeMs / width) * width + width;
  const all = [...live.slices.values()].sort((a, b) => a.t - b.t);
  const made = new Map();
  for (let t = first; t <= last; t += width) {
    made.set(t, { t, width, rollouts: 0, asked: 0, critiques: 0, failed: 0, rewards: 0, spent: 0, allowed: 0, dead: 0, open: 0, oldest: null, lag: {} });
  }
  let open = openBefore;
  let at = 0;
  for (const point of made.values()) {
    for (; at < all.length && all[at].t < point.t + width; at++) {
      const slice = all[at];
      open += slice.opened - slice.left;
      if (slice.t >= point.t) {
        for (const name of ['rollouts', 'asked', 'critiques', 'failed', 'rewards', 'spent', 'allowed', 'dead']) {
          point[name] += slice[name];
        }
        if (slice.oldest !== null) {
          point.oldest = Math.max(point.oldest ?? 0, slice.oldest);
        }
        for (const [name, value] of Object.entries(slice.lag)) {
          point.lag[name] = Math.max(point.lag[name] ?? 0, value);
        }
      }
    }
    point.open = Math.max(0, open);
    point.whole = point.t + width <= nowMs; // the last one is still filling
  }
  return [...made.values()];
}

/** Events per second over the last seconds, the slice that is still filling included. */
export function pace(name, seconds = 60) {
  const { nowMs } = live.picture;
  const from = nowMs - seconds * 1000;
  let sum = 0;
  let begin = nowMs;
  for (const slice of live.slices.values()) {
    if (slice.t >= from) {
      sum += slice[name];
      begin = Math.min(begin, slice.t);
    }
  }
  const over = Math.max(live.picture.sliceMs, Math.min(seconds * 1000, nowMs - begin));
  return sum * 1000 / Math.max(over, Math.min(seconds * 1000, 30_000));
}
