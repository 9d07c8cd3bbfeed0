// Numbers and times for people. Units always stand beside them.

const whole = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
const minutes = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hour12: false });

export const DASH = '–';

/** 12,345, or 1.2M above a hundred thousand. */
export function number(n) {
  return n === null || n === undefined ? DASH : Math.abs(n) >= 100_000 ? short.format(n) : whole.format(n);
}

/** A number with so many decimals as it deserves. */
export function decimal(x, digits = 1) {
  return x === null || x === undefined || Number.isNaN(x) ? DASH : x.toFixed(digits);
}

/** 1 group, 2 groups. */
export function count(n, one, many = one + 's') {
  return `${number(n)} ${n === 1 ? one : many}`;
}

export function share(part, all) {
  if (!all) {
    return DASH;
  }
  const percent = 100 * part / all;
  return (percent > 0 && percent < 10 ? percent.toFixed(1) : percent.toFixed(0)) + ' %';
}

/** A rate per second, or per minute where that says more. */
export function rate(perSecond) {
  if (perSecond === 0) {
    return ['0', '/s'];
  }
  if (perSecond >= 0.95) {
    return [perSecond >= 100 ? number(Math.round(perSecond)) : perSecond.toFixed(1), '/s'];
  }
  const perMinute = perSecond * 60;
  return [perMinute >= 10 ? perMinute.toFixed(0) : perMinute.toFixed(1), '/min'];
}

/** 850 ms, 2.3 s, 4 min 10 s, 2 h 5 min. */
export function duration(ms) {
  if (ms === null || ms === undefined) {
    return DASH;
  }
  if (ms < 1000) {
    return `${Math.round(ms)} ms`;
  }
  if (ms % 1000 === 0 && ms < 60_000) {
    return `${ms / 1000} s`;
  }
  if (ms < 59_950) {
    return `${(ms / 1000).toFixed(1)} s`;
  }
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) {
    return seconds % 60 === 0 ? `${seconds / 60} min` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  }
  const m = Math.round(seconds / 60);
  return m % 60 === 0 ? `${m / 60} h` : `${Math.floor(m / 60)} h ${m % 60} min`;
}

/** now, 12 s ago, 5 min ago, 2 h ago. */
export function ago(ms, now) {
  const seconds = Math.round((now - ms) / 1000);
  if (seconds < 2) {
    return 'now';
  }
  if (seconds < 60) {
    return `${seconds} s ago`;
  }
  return seconds < 3600 ? `${Math.round(seconds / 60)} min ago` : `${Math.round(seconds / 360) / 10} h ago`;
}

export function bytes(n) {
  return n < 1024 ? `${n} B` : n < 1024 * 1024 ? `${(n / 1024).toFixed(1)} KB` : `${(n / 1024 / 1024).toFixed(1)} MB`;
}

export function at(ms) {
  return absolute.format(ms);
}

export function time(ms) {
  return clock.format(ms);
}

export function hour(ms) {
  return minutes.format(ms);
}

/** MEMBERS_MISSING as "members missing". */
export function words(code) {
  return code ? code.toLowerCase().replaceAll('_', ' ') : '';
}
