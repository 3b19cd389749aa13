// From which numbers one element of an output was computed.

/** The fields of an operation's detail that are tensors. */
const DETAIL_TENSORS = new Set(['scores', 'probabilities', 'factor', 'meanSquare', 'normalized', 'cos', 'sin', 'max', 'sum', 'loss']);

/** A sequence of operations on a text: that of the forward pass, or of a training step. */
class Context {
  constructor(base, { tokens, targets, operations }) {
    this.base = base; // of the addresses
    this.tokens = tokens;
    this.targets = targets;
    this.operations = operations;
    this.producers = new Map(operations.map((operation) => [operation.output, operation]));
    this.readers = new Map();
    this.owners = new Map(); // of details: what an operation computed on its way
    for (const operation of operations) {
      for (const input of new Set(operation.inputs)) {
        this.readers.set(input, [...(this.readers.get(input) ?? []), operation]);
      }
      for (const [name, index] of Object.entries(operation.detail ?? {})) {
        if (DETAIL_TENSORS.has(name)) {
          this.owners.set(index, { operation, name });
        }
      }
    }
  }

  /** The address of a tensor: the operation that computed it, or a page of its own for a weight. */
  address(tensor) {
    const producer = this.producers.get(tensor.index);
    return '#' + this.base + '/' + (producer ? producer.index : 'tensor-' + tensor.index);
  }

  nameOf(tensor) {
    const producer = this.producers.get(tensor.index);
    const owner = this.owners.get(tensor.index);
    return tensor.name ?? (producer ? '#' + producer.index + ' ' + producer.op : owner ? owner.name : 'a result');
  }

  /** A number as a link to its place. */
  link(tensor, row, column) {
    const x = tensor.get(row, column);
    if (x === undefined) {
      return h('span', { class: 'number' }, full(x));
    }
    return h('a', {
      class: 'number', href: this.address(tensor) + '/' + row + ',' + column,
      title: this.nameOf(tensor) + '[' + row + ', ' + column + ']',
    }, full(x));
  }
}

const FIRST_TERMS = 256; // of long sums; the others on demand

/** Returns { kind, formula, attributes, body } for the element of an operation's output. */
function derivation(context, operation, r, c) {
  const detail = operation.detail ?? { kind: 'none' };
  const inputs = operation.inputs.map(Tensor.of);
  const output = Tensor.of(operation.output);
  const names = inputs.map((input) => context.nameOf(input));

  // one row of the table for each named number: y = …
  const named = (...terms) => termTable(['', 'number'], terms.map(([name, tensor, row, column]) =>
    namedTerm(name, tensor.get(row, column), context.link(tensor, row, column))));
  const atFlat = (tensor, i) => [tensor, Math.floor(i / tensor.columns), i % tensor.columns];

  switch (detail.kind) {
    case 'dot':
    case 'matmul': {
      const [x, w, bias] = inputs;
      const place = detail.kind === 'dot' ? (i) => [c, i] : (i) => [i, c];
      const other = detail.kind === 'dot' ? c + ', i' : 'i, ' + c;
      const start = bias ? context.link(bias, ...atFlat(bias, c).slice(1)) : '0';
      return {
        formula: (bias ? 'bias[' + c + '] + ' : '') + 'Σ ' + (detail.kind === 'dot' ? 'x' : 'a') + '[' + r + ', i] · '
          + (detail.kind === 'dot' ? 'w' : 'b') + '[' + other + ']',
        start: bias ? bias.flat(c) : 0,
        body: [
          chain(context, x.columns, names[0] + '[' + r + ', i]', names[1] + '[' + other + ']',
            (i) => [x, r, i], (i) => [w, ...place(i)], bias ? bias.flat(c) : 0, start),
          detail.kind === 'dot' ? columnsWithWeights(context, operation, w, r, c) : null,
        ],
      };
    }
    case 'gather':
      return {
        formula: 'table[' + detail.rows[r] + ', ' + c + ']',
        body: named([names[0] + '[' + detail.rows[r] + ', ' + c + ']', inputs[0], detail.rows[r], c]),
      };
    case 'pair': {
      const place = (input) => [input.rows === 1 ? 0 : r, input.columns === 1 ? 0 : c];
      const isFunction = detail.symbol === 'max' || detail.symbol === 'min';
      return {
        formula: isFunction ? detail.symbol + '(a, b)' : 'a ' + detail.symbol + ' b',
        attributes: { 'data-symbol': detail.symbol },
        body: named(...inputs.map((input, i) => ['ab'[i] + ' = ' + names[i] + '[' + place(input).join(', ') + ']', input, ...place(input)])),
      };
    }
    case 'element':
      return {
        formula: detail.function.replace(/^y = /, ''),
        attributes: { 'data-function': detail.function.replace(/^y = /, '') },
        body: named(['x = ' + names[0] + '[' + r + ', ' + c + ']', inputs[0], r, c]),
      };
    case 'scaled': {
      const [x, gain] = inputs;
      const factor = Tensor.of(detail.factor);
      const terms = [
        ['x = ' + names[0] + '[' + r + ', ' + c + ']', x, r, c],
        ['factor of row ' + r, ...atFlat(factor, r)],
        ...(gain ? [['gain[' + c + ']', ...atFlat(gain, c)]] : []),
      ];
      const squares = detail.meanSquare === undefined || detail.meanSquare === null ? null : Tensor.of(detail.meanSquare);
      return {
        formula: 'x · factor' + (gain ? ' · gain' : ''),
        body: [
          named(...terms),
          paragraph('The factor is ', h('code', {}, detail.factorFormula), ', where the sum is over row ' + r + ' of x',
            squares ? [': the mean square of this row is ', context.link(...atFlat(squares, r)), '.'] : '.'),
        ],
      };
    }
    case 'layerNorm': {
      const [x, gain, bias] = inputs;
      return {
        formula: 'normalized · gain' + (bias ? ' + bias' : ''),
        body: [
          named(
            ['normalized[' + r + ', ' + c + ']', Tensor.of(detail.normalized), r, c],
            ['gain[' + c + ']', ...atFlat(gain, c)],
            ...(bias ? [['bias[' + c + ']', ...atFlat(bias, c)]] : [])),
          paragraph('The normalized number is (x − mean of row ' + r + ') · factor, where x is ', context.link(x, r, c),
            ' and the factor of the row is ', context.link(...atFlat(Tensor.of(detail.factor), r)), '.'),
        ],
      };
    }
    case 'softmax':
      return {
        formula: 'exp(x − max) / sum',
        body: named(
          ['x = ' + names[0] + '[' + r + ', ' + c + ']', inputs[0], r, c],
          ['max of row ' + r, ...atFlat(Tensor.of(detail.max), r)],
          ['sum of exp(x − max) over row ' + r, ...atFlat(Tensor.of(detail.sum), r)]),
      };
    case 'attention': {
      const [, keys, values] = inputs;
      const width = output.columns / detail.heads;
      const head = Math.floor(c / width);
      const column = Math.floor((head * detail.keyHeads) / detail.heads) * width + (c - head * width);
      const probabilities = Tensor.of(detail.probabilities);
      const [from, end] = seenKeys(detail, r, output.rows, keys.rows);
      const p = head * output.rows + r;
      const layer = context.base === 'operations' ? data.attention.find((one) => one.operation === operation.index) : null;
      return {
        formula: 'Σ p[u] · v[u, ' + column + '] over the positions u that position ' + r + ' may see, in head ' + head,
        start: 0,
        body: [
          chain(context, end - from, 'p: probability of u', names[2] + '[u, ' + column + ']',
            (i) => [probabilities, p, from + i], (i) => [values, from + i, column], 0, '0', from),
          layer ? paragraph(h('a', { href: '#attention/' + layer.layer + '/' + head + '/' + r },
            'Where these probabilities come from: query ' + r + ' of head ' + head)) : null,
        ],
      };
    }
    case 'crossEntropy': {
      const losses = Tensor.of(detail.loss);
      const probabilities = Tensor.of(detail.probabilities);
      return {
        formula: 'Σ loss[t] / ' + context.targets.length,
        attributes: { 'data-denominator': context.targets.length },
        body: [
          note('The loss of a position is −log of the probability of its target. The losses are added from top to bottom.'),
          termTable(['', 'loss', 'probability of the target'], context.targets.map(({ id }, t) => h('tr', { class: 'term', 'data-kind': 'addend', 'data-value': full(losses.flat(t)) },
            h('th', { scope: 'row' }, t + ': target ', tokenOf(id)), h('td', {}, context.link(...atFlat(losses, t))),
            h('td', {}, context.link(probabilities, t, id))))),
          paragraph('Probabilities are the softmax of the logits, ', h('a', { href: context.address(inputs[0]) }, names[0]), '.'),
        ],
      };
    }
    case 'rotary': {
      const [x] = inputs;
      const cos = Tensor.of(detail.cos);
      const sin = Tensor.of(detail.sin);
      const half = cos.columns;
      const i = c % (2 * half);
      const first = i < half;
      const partner = first ? c + half : c - half;
      const angle = first ? i : i - half;
      return {
        formula: first ? 'x · cos − partner · sin' : 'x · cos + partner · sin',
        attributes: { 'data-sign': first ? '-' : '+' },
        body: named(
          ['x = ' + names[0] + '[' + r + ', ' + c + ']', x, r, c],
          ['cos of its angle at position ' + r, cos, r, angle],
          ['partner = ' + names[0] + '[' + r + ', ' + partner + ']', x, r, partner],
          ['sin of the same angle', sin, r, angle]),
      };
    }
    case 'same': {
      const [tensor, row, column] = atFlat(inputs[0], r * output.columns + c);
      return {
        formula: 'the same number in another shape',
        body: named([names[0] + '[' + row + ', ' + column + ']', tensor, row, column]),
      };
    }
    default:
      return {
        formula: operation.formula,
        body: note('The page does not take this operation apart. Its inputs are below.'),
      };
  }
}

/** A page that is not full has the weights of some columns: links to them. */
function columnsWithWeights(context, operation, weight, r, c) {
  return weight.present === null || weight.places.has(c) || weight.present.length === 0 ? null
    : paragraph('It has the weights of the columns ', weight.present.slice(0, 30).map((column, i) =>
      [i > 0 ? ', ' : '', h('a', { href: '#' + context.base + '/' + operation.index + '/' + r + ',' + column }, String(column))]), '.');
}

/** The keys that a query sees: with more keys than queries, the queries are the last positions. */
function seenKeys(detail, query, queries, keys) {
  const position = query + keys - queries;
  return [detail.window > 0 ? Math.max(0, position - detail.window + 1) : 0, position + 1];
}

/** The terms of a sum of products, in the order in which they are added. */
function chain(context, count, nameOfA, nameOfB, a, b, start, startNode, firstIndex = 0) {
  if (a(0)[0].get(...a(0).slice(1)) === undefined || b(0)[0].get(...b(0).slice(1)) === undefined) {
    return note('The numbers ' + nameOfA + ' or ' + nameOfB + ' are not in this page.');
  }
  const isRounded = a(0)[0].isRounded || b(0)[0].isRounded;
  const values = [];
  let largest = 0; // only to scale the colours
  for (let i = 0; i < count; i++) {
    const pair = [a(i)[0].get(...a(i).slice(1)), b(i)[0].get(...b(i).slice(1))];
    values.push(pair);
    largest = Math.max(largest, Math.abs(pair[0] * pair[1]));
  }
  const rows = (from, end) => values.slice(from, end).map(([x, y], k) => {
    const i = from + k;
    return shade(h('tr', { class: 'term', 'data-kind': 'product', 'data-a': full(x), 'data-b': full(y) },
      h('th', { scope: 'row' }, String(firstIndex + i)),
      h('td', {}, context.link(...a(i))), h('td', {}, context.link(...b(i)))), largest > 0 ? (x * y) / largest : 0);
  });
  const first = h('tr', { class: 'term', 'data-kind': 'start', 'data-value': full(start) },
    h('th', { scope: 'row' }, 'start'), h('td', { colspan: 2 }, startNode));
  const element = termTable(['i', nameOfA, nameOfB], [first, ...rows(0, FIRST_TERMS)]);
  const remark = note(isRounded
    ? 'The sum of these products, which this page has rounded; with the option --full they give exactly the result. '
    : 'The products are added from top to bottom, each with a single rounding (a fused multiply-add), so that these numbers give exactly the result. ',
  'Blue products raise the sum, orange ones lower it.');
  if (count > FIRST_TERMS) {
    const more = h('button', {
      type: 'button',
      onclick: () => {
        element.querySelector('tbody').append(...rows(FIRST_TERMS, count));
        more.remove();
        element.querySelectorAll('tr.term a')[2 * FIRST_TERMS]?.focus();
      },
    }, 'Show the other ' + grouped.format(count - FIRST_TERMS) + ' products');
    return [remark, element, more];
  }
  return [remark, element];
}

function namedTerm(name, x, node) {
  return h('tr', { class: 'term', 'data-kind': 'number', 'data-name': name.split(/ = | of |:|\[/)[0], 'data-value': full(x) },
    h('th', { scope: 'row' }, name), h('td', {}, node));
}

function termTable(columns, rows) {
  return h('div', { class: 'wide', role: 'group', 'aria-label': 'Numbers' }, h('table', { class: 'terms' },
    h('thead', {}, h('tr', {}, columns.map((name) => h('th', { scope: 'col' }, name)))), h('tbody', {}, rows)));
}

/** Everything about one element: its place, its number, its gradient, if any, its formula with its numbers. */
function elementPanel(context, operation, r, c) {
  const output = Tensor.of(operation.output);
  const x = output.get(r, c);
  const { formula, attributes = {}, body } = x === undefined ? { formula: operation.formula.replace(/^y = /, '') } : derivation(context, operation, r, c);
  return h('div', {
    class: 'element', 'data-operation': operation.index, 'data-tensor': output.index, 'data-row': r, 'data-column': c,
    'data-kind': operation.detail?.kind ?? 'none', 'data-value': full(x), ...attributes,
  },
    h('h3', {}, context.nameOf(output) + '[' + r + ', ' + c + ']', placeOf(output, context, operation.section, r, c)),
    h('p', { class: 'result' }, h('output', {}, full(x)), ' = ', h('span', {}, formula)),
    operation.outputGradient === undefined || operation.outputGradient === null ? null
      : paragraph('Its gradient is ', h('span', { class: 'number gradient' }, full(Tensor.of(operation.outputGradient).get(r, c))),
        ': if this number grew by a tiny amount, the loss would grow by so many times that amount.'),
    body ?? '');
}

function placeOf(tensor, context, section, r, c) {
  const row = rowName(tensor, context, r);
  const column = columnName(tensor, section, c);
  const parts = [
    Array.isArray(row) ? [': position ' + r + ', after ', tokenOf(context.tokens[r]?.id)] : null,
    Array.isArray(column) ? [', score of the token ', tokenOf(c)] : null,
  ].filter(Boolean);
  return parts.length > 0 ? h('small', {}, parts) : null;
}
