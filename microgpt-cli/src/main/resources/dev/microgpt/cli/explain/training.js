// View 8: one step of training, from the loss back to every weight.

function trainingView() {
  const step = data.step;
  const context = new Context('training/operations', step);
  const operations = new OperationsView(context, true);
  const weights = new WeightsView(step);
  const reverse = h('div', {},
    paragraph('From the last operation to the first: when one is reached, all that read its output have already added their share to its gradient. '
      + 'Shares are added up, so all gradients are set to zero before the step.'),
    operations.element);
  const parts = { operations: reverse, weights: weights.element };
  const place = h('div', {});
  let current = null;
  const text = step.tokens.map(({ id }) => (data.vocabulary[id] === '<BOS>' ? '' : tokenText(id)));
  const shown = h('bdi', { class: 'token' }, text.slice(0, 40).join('') + (text.length > 40 ? '…' : ''));
  const links = Object.fromEntries([['operations', 'Operations in reverse'], ['weights', 'How a weight changes']].map(([id, name]) => [id, h('a', { href: '#training/' + id }, name)]));
  return {
    content: [
      h('h2', { tabindex: -1 }, 'Training step ' + grouped.format(step.step)),
      paragraph('A step of training asks of every weight: if it were a little larger, would the loss rise or fall, and how fast? That slope is its ', h('em', {}, 'gradient'),
        '. It is computed from the end to the beginning by the chain rule (', h('em', {}, 'backpropagation'), '), and the optimizer Adam then moves each weight against its gradient.'),
      h('dl', { class: 'facts' },
        fact('Loss of the batch', step.batchLoss.toFixed(3), 'mean of its ' + grouped.format(step.batchTargets) + ' predictions, before the step'),
        fact('Text shown here', shown, 'the first of the batch; its loss is ' + step.loss.toFixed(3)),
        fact('Learning rate', short(step.rate), 'how far a step goes'),
        fact('Gradient norm', short(step.gradientNorm), 'the length of all gradients together')),
      h('nav', { class: 'parts', 'aria-label': 'Parts of the training step' }, h('ul', {}, Object.values(links).map((link) => h('li', {}, link)))),
      place,
    ],
    show([part = 'operations', ...rest], focus) {
      const name = Object.hasOwn(parts, part) ? part : 'operations';
      if (current !== name) {
        links[current]?.removeAttribute('aria-current');
        current = name;
        links[name].setAttribute('aria-current', 'page');
        place.replaceChildren(parts[name]);
      }
      (name === 'operations' ? operations : weights).show(rest, focus);
    },
    escape: () => (current === 'operations' ? operations : weights).escape(),
  };
}

/** The weights before the step, and for one of them all that the step does with it. */
class WeightsView {
  static #QUANTITIES = [['value', 'Value'], ['gradient', 'Gradient'], ['update', 'Update'], ['m', 'm'], ['v', 'v'], ['after', 'After']];

  #step;
  #index = null;
  #quantity = 0;
  #grid = null;
  #picker;
  #select;
  #box = h('div', {});
  #readout = h('p', { class: 'readout', 'aria-live': 'polite' });
  #panel = h('section', { class: 'panel', 'aria-label': 'The selected weight' });

  constructor(step) {
    this.#step = step;
    this.#select = h('select', { id: 'weights', onchange: () => this.#go(this.#select.selectedIndex) },
      step.weights.map((one) => h('option', {}, one.name + ' (' + one.shape.join(', ') + ')')));
    this.#picker = choice('Show', WeightsView.#QUANTITIES.map(([, name]) => name), 0, (i) => {
      this.#quantity = i;
      this.#draw();
    });
    this.element = h('div', {},
      paragraph('Select a weight: its gradient, the check of the gradient by moving the weight a little (the ', h('em', {}, 'central difference'),
        '), what Adam remembers, and how the weight changes.'),
      h('div', { class: 'choices' }, h('p', {}, h('label', { for: 'weights' }, 'Weights '), this.#select), this.#picker),
      this.#box, this.#readout, this.#panel);
  }

  #go(i, place) {
    location.hash = 'training/weights/' + encodeURIComponent(this.#step.weights[i].name) + (place ? '/' + place : '');
  }

  show([name, place], focus) {
    const i = Math.max(0, this.#step.weights.findIndex((one) => one.name === name));
    if (i !== this.#index) {
      this.#index = i;
      this.#select.selectedIndex = i;
      this.#draw();
    }
    const { at, shape } = this.#step.weights[i];
    const columns = shape.at(-1) ?? 1;
    const selected = at ? placeIn(at.length, 1, place) : placeIn(shape.slice(0, -1).reduce((a, b) => a * b, 1), columns, place);
    if (selected === null) {
      this.#close();
    } else {
      this.#grid?.choose(...selected, focus);
      this.#showWeight(...selected);
    }
  }

  /** The quantities of large weights are lists, for the weights at these flat indices. */
  #place(r, c) {
    const { at, shape } = this.#step.weights[this.#index];
    const columns = shape.at(-1) ?? 1;
    const flat = at ? at[r] : r * columns + c;
    return { listed: at ? r : flat, flat, row: Math.floor(flat / columns), column: flat % columns };
  }

  #draw() {
    const weight = this.#step.weights[this.#index];
    const [quantity, title] = WeightsView.#QUANTITIES[this.#quantity];
    const name = title + ' of ' + weight.name;
    if (weight[quantity] === null || weight[quantity] === undefined) {
      this.#grid = null;
      this.#box.replaceChildren(note('This optimizer has no ' + title + '.'));
      return;
    }
    const tensor = Tensor.of(weight[quantity]);
    const named = { name: weight.name, kind: 'weight', shape: weight.shape };
    this.#readout.textContent = 'Move with the arrow keys; Enter or a click selects a weight.';
    this.#grid = makeGrid({
      label: name,
      rows: weight.at ? weight.at.length : tensor.rows,
      columns: weight.at ? 1 : tensor.columns,
      headWidth: weight.at ? 7 : undefined,
      rowHead: (r) => (weight.at ? '[' + this.#place(r, 0).row + ', ' + this.#place(r, 0).column + ']' : rowName(named, null, r)),
      columnHead: (c) => (weight.at ? title : String(c)),
      cell: (r, c) => {
        const x = tensor.flat(this.#place(r, c).listed);
        return { text: short(x), title: full(x), shade: x / (tensor.largest || 1) };
      },
      selected: (r, c) => {
        history.pushState(null, '', '#training/weights/' + encodeURIComponent(weight.name) + '/' + r + ',' + c);
        this.#showWeight(r, c);
      },
      moved: (r, c) => {
        const { row, column, listed } = this.#place(r, c);
        this.#readout.textContent = name + '[' + row + ', ' + column + '] = ' + full(tensor.flat(listed));
      },
    });
    this.#box.replaceChildren(this.#grid.element,
      ...(weight.at ? [note('The page follows ' + weight.at.length + ' of these weights; of a small model, all.')] : []));
  }

  /** Weight decay, which matrices have, in front of the update by the gradient. */
  #decay(weight) {
    const decays = this.#step.weightDecay > 0 && weight.shape.length > 1;
    return decays ? ', after the weight was multiplied by 1 − ' + full(this.#step.rate) + ' · ' + full(this.#step.weightDecay) + ' (weight decay)' : '';
  }

  #showWeight(r, c) {
    const step = this.#step;
    const weight = step.weights[this.#index];
    const { listed, flat, row, column } = this.#place(r, c);
    const number = (key) => (weight[key] === null || weight[key] === undefined ? undefined : Tensor.of(weight[key]).flat(listed));
    const term = (name, x, remark) => h('tr', { class: 'term', 'data-kind': 'number', 'data-name': name, 'data-value': full(x) },
      h('th', { scope: 'row' }, name, h('small', { class: 'remark' }, remark)), h('td', {}, h('span', { class: 'number' }, full(x))));
    const power = (beta) => '1 − ' + full(beta) + '^' + step.adamStep;
    const hasMoments = number('m') !== undefined;
    const rows = [
      term('weight before', number('value'), ''),
      term('gradient', number('gradient'), 'slope of the mean loss of the batch'),
      term('central difference', this.#difference(weight, listed, flat),
        'the loss with the weight a little larger, minus the loss with it a little smaller, over their distance; should agree with the gradient'),
      ...(hasMoments ? [
        term('m', number('m'), 'mean of the gradients so far; the last one counts ' + short(1 - step.beta1)),
        term('v', number('v'), 'mean of their squares; the last one counts ' + short(1 - step.beta2)),
        term('correction of m', step.correction?.[0], power(step.beta1) + '; m and v began at 0, so they are divided by their corrections'),
        term('correction of v', step.correction?.[1], power(step.beta2)),
      ] : []),
      term('update', number('update'), hasMoments ? '−' + full(step.rate) + ' · (m / correction) / (√(v / correction) + ' + full(step.eps) + ')' + this.#decay(weight) : ''),
      term('weight after', number('after'), ''),
    ];
    this.#panel.replaceChildren(
      h('div', { class: 'element', 'data-weight': weight.name, 'data-row': row, 'data-column': column, 'data-kind': 'weight', 'data-value': full(number('value')) },
        h('h3', {}, weight.name + '[' + row + ', ' + column + ']'),
        termTable(['', 'number'], rows),
        this.#history(weight.name, listed) ?? ''));
  }

  #difference(weight, listed, flat) {
    if (weight.difference === null || weight.difference === undefined) {
      return undefined;
    }
    const at = weight.differenceAt ? weight.differenceAt.indexOf(flat) : listed;
    return at < 0 ? undefined : Tensor.of(weight.difference).flat(at);
  }

  #history(name, listed) {
    const history = this.#step.history;
    const tensors = history?.weights[name];
    if (!tensors) {
      return null;
    }
    const values = tensors.map((tensor) => Tensor.of(tensor).flat(listed));
    if (values.some((x) => x === undefined)) {
      return note('The history of this weight is not in this page.');
    }
    return h('div', { class: 'history' }, h('h3', {}, 'Its history'), curve(history.steps, values),
      table('The weight after each of these steps', ['Step', 'Weight'], history.steps.map((step, i) => [grouped.format(step), full(values[i])])));
  }

  #close() {
    const open = this.#panel.childElementCount > 0;
    this.#panel.replaceChildren();
    this.#grid?.choose(null);
    return open;
  }

  escape() {
    if (this.#close()) {
      history.pushState(null, '', '#training/weights/' + encodeURIComponent(this.#step.weights[this.#index].name));
      this.#grid?.focus();
    }
  }
}

/** A curve through values at steps; a table beside it has the numbers. */
function curve(steps, values) {
  const svg = (tag, attributes, text) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    element.textContent = text ?? '';
    return element;
  };
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = (i) => 8 + (284 * (steps[i] - steps[0])) / (steps.at(-1) - steps[0] || 1);
  const y = (v) => 100 - (90 * (v - low)) / (high - low || 1);
  const picture = svg('svg', { viewBox: '0 0 300 122', class: 'curve', 'aria-hidden': 'true' });
  picture.append(
    svg('path', { d: 'M' + values.map((v, i) => x(i).toFixed(1) + ' ' + y(v).toFixed(1)).join('L') }),
    ...values.map((v, i) => svg('circle', { cx: x(i).toFixed(1), cy: y(v).toFixed(1), r: 3 })),
    svg('text', { x: 8, y: 119 }, 'step ' + steps[0]),
    svg('text', { x: 292, y: 119, 'text-anchor': 'end' }, String(steps.at(-1))));
  return picture;
}
