'use strict';
// The data of the page: the numbers are the library's, and none is computed here. This script shows and links them.

const data = JSON.parse(document.getElementById('data').textContent);

/** A tensor as rows and columns: all dimensions but the last are rows. Rows may be missing in a page that is not full. */
class Tensor {
  static #all = new Map();

  static of(index) {
    if (!Tensor.#all.has(index)) {
      Tensor.#all.set(index, new Tensor(index, data.tensors[index]));
    }
    return Tensor.#all.get(index);
  }

  #encoded;
  #numbers;
  #largest;

  constructor(index, { name, kind, type, shape, rows, data: encoded }) {
    this.index = index;
    this.name = name;
    this.kind = kind;
    this.isRounded = type === 'f4'; // to 32 bits, in a page that is not full
    this.shape = shape;
    this.columns = shape.length > 0 ? shape.at(-1) : 1;
    this.rows = shape.slice(0, -1).reduce((product, size) => product * size, 1);
    this.present = rows ?? null; // the rows that the page has; null for all
    this.places = rows ? new Map(rows.map((row, place) => [row, place])) : null;
    this.#encoded = encoded;
  }

  /** Decodes little-endian numbers, when they are first needed. */
  get numbers() {
    if (!this.#numbers) {
      const bytes = Uint8Array.from(atob(this.#encoded), (character) => character.charCodeAt(0));
      this.#numbers = this.isRounded ? Float64Array.from(new Float32Array(bytes.buffer), fewestDigits) : new Float64Array(bytes.buffer);
      this.#encoded = null;
    }
    return this.#numbers;
  }

  /** The number at a place, undefined if the page does not have it. */
  get(row, column) {
    const place = this.places ? this.places.get(row) : row;
    return place === undefined ? undefined : this.numbers[place * this.columns + column];
  }

  flat(index) {
    return this.get(Math.floor(index / this.columns), index % this.columns);
  }

  /** The largest absolute value, by which colours are scaled. */
  get largest() {
    if (this.#largest === undefined) {
      this.#largest = 0;
      for (const x of this.numbers) {
        const size = Math.abs(x);
        if (size > this.#largest && size < Infinity) {
          this.#largest = size;
        }
      }
    }
    return this.#largest;
  }

  get label() {
    return this.name ?? 'a result without a name';
  }

  get size() {
    return '(' + this.shape.join(', ') + ')';
  }
}

// ---- addresses ----

/** The index below a count that a part of an address names, or another value: addresses may be of another page. */
function indexIn(count, text, otherwise) {
  return /^\d+$/.test(text ?? '') && Number(text) < count ? Number(text) : otherwise;
}

/** The row and column that a part of an address names, or null. */
function placeIn(rows, columns, text) {
  const [row, column] = (text ?? '').split(',');
  const place = [indexIn(rows, row, null), indexIn(columns, column, null)];
  return place.includes(null) ? null : place;
}

// ---- numbers ----

/** The number with the fewest decimal digits that a number of 32 bits stands for. */
function fewestDigits(x) {
  for (let digits = 6; digits < 9; digits++) {
    const shorter = Number(x.toPrecision(digits));
    if (Math.fround(shorter) === x) {
      return shorter;
    }
  }
  return Number(x.toPrecision(9));
}

/** All digits that distinguish a number from its neighbours: reading them gives the same bits. */
function full(x) {
  if (x === undefined || x === null) {
    return 'not in this page';
  }
  return Object.is(x, -0) ? '-0' : String(x);
}

/** About four significant digits, in at most nine characters. */
function short(x) {
  if (x === undefined || x === null) {
    return '·';
  }
  const size = Math.abs(x);
  if (!Number.isFinite(x) || (Number.isInteger(x) && size < 1e5)) {
    return full(x);
  }
  return size < 1e-3 || size >= 1e4 ? x.toExponential(2) : x.toPrecision(size < 1e-2 ? 3 : 4);
}

function percent(p) {
  if (p > 0 && p < 0.0005) {
    return '< 0.1 %';
  }
  return (p >= 0.9995 && p < 1 ? '> 99.9' : (100 * p).toFixed(1)) + ' %';
}

/** How many equally likely tokens an entropy or a loss stands for. */
function among(nats) {
  return Math.exp(nats).toPrecision(3);
}

const grouped = new Intl.NumberFormat('en-US');

// ---- tokens ----

/** Shows what has no shape: spaces, line feeds and control characters. */
function visible(text) {
  return text
    .replace(/ /g, '␣')
    .replace(/\n/g, '↵')
    .replace(/\t/g, '⇥')
    .replace(/[\u0000-\u001f]/g, (c) => String.fromCharCode(0x2400 + c.charCodeAt(0)))
    .replace(/\u007f/g, '␡')
    .replace(/[\u0080-\u00a0\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, (c) => {
      return c === '\u200d' ? c : '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'); // the joiner holds emoji together
    });
}

function tokenText(id) {
  const text = data.vocabulary[id];
  return text === undefined ? '#' + id : visible(text);
}

/** A token, kept apart from the direction of the text around it. */
function tokenOf(id) {
  return h('bdi', { class: 'token' }, tokenText(id));
}

const vocabularySize = (data.tensors.find((one) => one.name === 'wte')?.shape[0]) ?? Object.keys(data.vocabulary).length;

// ---- elements of the page ----

/** Creates an element: h('a', { href: '#x', onclick: f }, 'text', child). Absent attributes and children are left out. */
function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      element.addEventListener(name.slice(2), value);
    } else if (value === true) {
      element.setAttribute(name, '');
    } else if (value !== undefined && value !== null && value !== false) {
      element.setAttribute(name, value);
    }
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Colours an element by a number from −1 to 1: blue above zero, orange below. */
function shade(element, x) {
  if (Number.isFinite(x)) {
    element.classList.toggle('minus', x < 0);
    element.style.setProperty('--strength', Math.min(1, Math.abs(x)).toFixed(3));
  }
  return element;
}

/** A bar of a length from 0 to 1; it repeats a number that stands beside it. */
function bar(length, kind = '') {
  const element = h('span', { class: 'bar ' + kind, 'aria-hidden': 'true' }, h('span'));
  element.style.setProperty('--length', Math.max(0, Math.min(1, length)).toFixed(4));
  return element;
}

/** A row of buttons of which one is pressed, as radio buttons; calls back with the index. */
function choice(name, labels, chosen, changed) {
  choice.count = (choice.count ?? 0) + 1;
  const group = 'choice' + choice.count;
  const inputs = labels.map((label, i) =>
    h('input', { type: 'radio', name: group, id: group + '-' + i, checked: i === chosen, onchange: () => changed(i) }),
  );
  const element = h('fieldset', { class: 'choice' }, h('legend', {}, name),
    h('div', {}, labels.map((label, i) => [inputs[i], h('label', { for: group + '-' + i }, label)])));
  element.choose = (i) => {
    inputs[i].checked = true;
  };
  return element;
}

/** The positions of a text to choose from. */
function positionChoice(name, tokens, chosen, changed) {
  return choice(name, tokens.map((token, t) => h('span', {}, h('small', {}, t + ' '), tokenOf(token.id))), chosen, changed);
}

/** A table from column names and rows of cells; the first cell of a row is its header. */
function table(caption, columns, rows, attributes = {}) {
  // on a small screen the table scrolls, and what scrolls can have the focus and needs a name
  return h('div', { class: 'wide', role: 'group', 'aria-label': caption }, h('table', attributes,
    h('caption', {}, caption),
    h('thead', {}, h('tr', {}, columns.map((column) =>
      column instanceof HTMLTableCellElement ? column : h('th', { scope: 'col' }, column)))),
    h('tbody', {}, rows.map((cells) => h('tr', {}, cells.map((cell, i) =>
      cell instanceof HTMLTableCellElement ? cell : h(i === 0 ? 'th' : 'td', i === 0 ? { scope: 'row' } : {}, cell)))))));
}

function paragraph(...content) {
  return h('p', {}, content);
}

function note(...content) {
  return h('p', { class: 'note' }, content);
}
