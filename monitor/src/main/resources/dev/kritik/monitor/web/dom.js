// Elements from data. Texts go in as text, never as markup: there is no innerHTML on this page.

const SVG = 'http://www.w3.org/2000/svg';
const SVG_TAGS = new Set(['svg', 'g', 'path', 'line', 'rect', 'circle', 'text', 'title', 'desc', 'polyline']);

/** An element: h('a', {href: '/x', class: 'y', onclick: f}, 'text', child, [more], null). */
export function h(tag, attributes, ...children) {
  const element = SVG_TAGS.has(tag) && tag !== 'title'
    ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  add(element, children);
  return element;
}

function add(element, children) {
  for (const child of children) {
    if (Array.isArray(child)) {
      add(element, child);
    } else if (child !== null && child !== undefined && child !== false) {
      element.append(child instanceof Node ? child : document.createTextNode(String(child)));
    }
  }
}

/** Sets a text only where it differs, so that a selection in it stays. */
export function text(element, value) {
  const next = value === null || value === undefined ? '' : String(value);
  if (element.textContent !== next) {
    element.textContent = next;
  }
}

export function attribute(element, name, value) {
  if (value === null || value === undefined || value === false) {
    if (element.hasAttribute(name)) {
      element.removeAttribute(name);
    }
  } else if (element.getAttribute(name) !== String(value)) {
    element.setAttribute(name, String(value));
  }
}

/**
 * Makes an element's children be these, and keeps those that are the same: what has not changed is not touched, so focus,
 * selection and scrolling stay. A child is known again by its key attribute, else by its place.
 */
export function morph(parent, children) {
  const wanted = children.flat(9).filter(child => child !== null && child !== undefined && child !== false)
    .map(child => child instanceof Node ? child : document.createTextNode(String(child)));
  const byKey = new Map();
  for (const child of parent.childNodes) {
    const key = keyOf(child);
    if (key !== null) {
      byKey.set(key, child);
    }
  }
  let at = parent.firstChild;
  for (const next of wanted) {
    const key = keyOf(next);
    let same = null;
    if (key !== null) {
      same = byKey.get(key) ?? null;
      if (same !== null && !alike(same, next)) {
        same = null;
      }
    } else if (at !== null && keyOf(at) === null && alike(at, next)) {
      same = at;
    }
    if (same === null) {
      parent.insertBefore(next, at);
      continue;
    }
    if (same === at) {
      at = at.nextSibling;
    } else {
      parent.insertBefore(same, at);
    }
    patch(same, next);
  }
  while (at !== null) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

function keyOf(node) {
  return node.nodeType === Node.ELEMENT_NODE ? node.getAttribute('data-key') : null;
}

function alike(a, b) {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName && a.nodeType !== Node.COMMENT_NODE;
}

function patch(old, next) {
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== next.data) {
      old.data = next.data;
    }
    return;
  }
  if (old.dataset?.still !== undefined) {
    return; // looks after itself
  }
  for (const { name } of [...old.attributes]) {
    if (!next.hasAttribute(name) && !(name === 'open' && old.nodeName === 'DETAILS')) {
      old.removeAttribute(name);
    }
  }
  for (const { name, value } of next.attributes) {
    if (old.getAttribute(name) !== value) {
      old.setAttribute(name, value);
    }
  }
  morph(old, [...next.childNodes]);
}

/** A link within the page. */
export function link(href, attributes, ...children) {
  return h('a', { href, 'data-view': '', ...attributes }, ...children);
}

/** The address of a group's page. */
export function groupHref(id) {
  const query = new URLSearchParams({ job: id.job, group: id.group });
  if (id.attempt > 0) {
    query.set('attempt', id.attempt);
  }
  return '/group?' + query;
}

/** Gets JSON; an error carries what the server said. */
export async function get(url) {
  let response;
  try {
    response = await fetch(url, { headers: { Accept: 'application/json' } });
  } catch {
    throw new Error('The dashboard does not answer. Is it running? It is tried again when you reload.');
  }
  if (response.status === 401) {
    location.assign('/login');
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new Error(body.detail || `The dashboard answered with ${response.status}.`);
  }
  return body;
}

/** How a status is coloured. */
export const TONE = { OK: 'good', PARTIAL: 'warn', FAILED: 'bad', TIMEOUT: 'bad', INVALID: 'warn' };

/** A status as a small label. */
export function chip(status) {
  return h('span', { class: 'chip ' + (TONE[status] ?? '') }, status);
}
