// View 2: every operation in the order in which it ran, and where each of its numbers comes from.

const wideEnough = matchMedia('(min-width: 62rem)');

/**
 * The list of operations beside one of them. With gradients, for a training step: in reverse, and each result beside
 * its gradient.
 */
class OperationsView {
  #context;
  #gradients;
  #main = h('article', { class: 'operation' });
  #list;
  #links = new Map();
  #shown = null; // the part of the address that names an operation or a tensor
  #grid = null;
  #panel = null;
  #panelOf = null;
  #trail = []; // addresses of the elements from which links were followed

  constructor(context, gradients) {
    this.#context = context;
    this.#gradients = gradients;
    this.#list = this.#createList();
    this.element = h('div', { class: 'split' }, this.#list, this.#main);
    this.#main.addEventListener('click', (event) => {
      const from = event.target.closest('a.number')?.closest('.element');
      if (from) {
        const [row, column] = [from.dataset.row, from.dataset.column];
        const name = from.querySelector('h3').firstChild.textContent;
        this.#trail.push({ address: '#' + this.#context.base + '/' + from.dataset.operation + '/' + row + ',' + column, name });
      }
    });
  }

  #createList() {
    const sections = new Map();
    const operations = this.#gradients ? [...this.#context.operations].reverse() : this.#context.operations;
    for (const operation of operations) {
      const link = h('a', { href: '#' + this.#context.base + '/' + operation.index },
        titleOf(operation), h('small', {}, ' ' + Tensor.of(operation.output).size));
      link.classList.toggle('absent', Tensor.of(operation.output).present?.length === 0);
      this.#links.set(String(operation.index), link);
      sections.set(operation.section, [...(sections.get(operation.section) ?? []), h('li', {}, link)]);
    }
    const details = h('details', { class: 'list', open: wideEnough.matches },
      h('summary', {}, grouped.format(operations.length) + ' operations'),
      h('nav', { 'aria-label': 'Operations' }, [...sections].map(([section, items]) => [h('h3', {}, section), h('ol', {}, items)])));
    wideEnough.addEventListener('change', () => (details.open = wideEnough.matches));
    return details;
  }

  /** Shows what the rest of the address names: an operation or tensor, and perhaps an element. */
  show([which, place], focus) {
    const { operations } = this.#context;
    const tensor = indexIn(data.tensors.length, which?.replace('tensor-', ''), null);
    const isTensor = tensor !== null && which.startsWith('tensor-');
    const operation = operations.find((one) => String(one.index) === which) ?? operations.at(-1);
    const name = isTensor ? which : String(operation.index);
    const shown = Tensor.of(isTensor ? tensor : operation.output);
    if (name !== this.#shown) {
      this.#shown = name;
      this.#markInList(name);
      this.#main.replaceChildren(...(isTensor ? this.#tensor(shown) : this.#operation(operation)));
      if (which !== undefined && focus) {
        this.#main.scrollIntoView({ block: 'start' });
      }
    }
    const element = placeIn(shown.rows, shown.columns, place);
    if (element) {
      this.#select(...element, focus);
    } else if (which === undefined && shown.present?.length !== 0) {
      this.#select(...largestOfLastRow(shown), false); // the view opens with a number taken apart
    } else {
      this.close();
    }
  }

  #markInList(name) {
    this.#links.forEach((link, index) => {
      if (index === name) {
        link.setAttribute('aria-current', 'true');
        if (wideEnough.matches) {
          const [item, list] = [link, this.#list].map((one) => one.getBoundingClientRect());
          this.#list.scrollTop += Math.min(0, item.top - list.top) + Math.max(0, item.bottom - list.bottom); // not the page
        }
      } else {
        link.removeAttribute('aria-current');
      }
    });
    if (!wideEnough.matches) {
      this.#list.open = false;
    }
  }

  #operation(operation) {
    const context = this.#context;
    const output = Tensor.of(operation.output);
    const order = context.operations.map((one) => one.index);
    const at = order.indexOf(operation.index);
    const neighbour = (offset, text) => {
      const index = order[at + (this.#gradients ? -offset : offset)];
      return index === undefined ? null : h('a', { href: '#' + context.base + '/' + index }, text);
    };
    this.#panelOf = (r, c) => elementPanel(context, operation, r, c);
    return [
      h('div', { class: 'heading' },
        h('h3', {}, titleOf(operation)),
        h('p', { class: 'neighbours' }, neighbour(-1, '← before'), neighbour(1, 'after →'))),
      h('p', { class: 'formula' }, h('code', {}, operation.formula)),
      operation.about ? paragraph(operation.about) : '',
      h('p', { class: 'flow' }, 'Reads ', operation.inputs.map((input, i) => [i > 0 ? ' and ' : '', this.#tensorLink(Tensor.of(input))]).flat(),
        '. Its output, ' + output.size + ', ', this.#readersOf(output)),
      ...this.#output(output, operation.section, this.#gradients ? operation.outputGradient : null),
      ...(this.#gradients ? this.#inputGradients(operation).filter(Boolean) : []),
      sourceOf(operation, this.#gradients),
    ];
  }

  #readersOf(tensor) {
    const readers = this.#context.readers.get(tensor.index) ?? [];
    return readers.length === 0 ? 'is read by no other operation.'
      : ['is read by ', readers.map((reader, i) => [i > 0 ? ', ' : '', this.#operationLink(reader)]), '.'];
  }

  #operationLink(operation) {
    return operation && h('a', { href: '#' + this.#context.base + '/' + operation.index }, operation.index + ' ' + (operation.name ?? operation.op));
  }

  #tensorLink(tensor) {
    return h('a', { href: this.#context.address(tensor) }, this.#context.nameOf(tensor) + ' ' + tensor.size);
  }

  /** A weight, or a number that an operation kept for itself. */
  #tensor(tensor) {
    this.#panelOf = (r, c) => h('div', { class: 'element', 'data-tensor': tensor.index, 'data-row': r, 'data-column': c, 'data-kind': tensor.kind, 'data-value': full(tensor.get(r, c)) },
      h('h3', {}, this.#context.nameOf(tensor) + '[' + r + ', ' + c + ']'),
      h('p', { class: 'result' }, h('output', {}, full(tensor.get(r, c)))),
      note(tensor.kind === 'weight' ? 'A weight: training has found this number. The walk ends here.' : 'The operation has computed this number on its way.'));
    return [
      h('h3', {}, this.#context.nameOf(tensor)),
      tensor.kind === 'weight' ? paragraph('Weights of the model, ' + tensor.size + '. This tensor ', this.#readersOf(tensor))
        : paragraph('What an operation has computed on its way, ' + tensor.size + ': ', this.#operationLink(this.#context.owners.get(tensor.index)?.operation)),
      ...this.#output(tensor, '', null),
    ];
  }

  /** The grid of an output, in which elements can be selected, and below it room for what is said about them. */
  #output(tensor, section, gradient) {
    const readout = h('p', { class: 'readout', 'aria-live': 'polite' }, 'Move with the arrow keys; Enter or a click shows where a number comes from.');
    const element = h('div', {});
    const say = (shown, r, c) => (readout.textContent = this.#context.nameOf(tensor) + (shown === tensor ? '' : ', gradient') + '[' + r + ', ' + c + '] = ' + full(shown.get(r, c)));
    const selected = (r, c) => {
      const isOpen = this.#panel.childElementCount > 0; // then the former element is not worth going back to
      history[isOpen ? 'replaceState' : 'pushState'](null, '', '#' + this.#context.base + '/' + this.#shown + '/' + r + ',' + c);
      this.#trail = [];
      this.#showPanel(r, c);
    };
    const create = (shown) => shown.present?.length === 0 ? null : tensorGrid(shown, this.#context, section, selected, (r, c) => say(shown, r, c));
    const hasGradient = gradient !== null && gradient !== undefined;
    this.#grid = create(hasGradient ? Tensor.of(gradient) : tensor);
    this.#panel = h('section', { class: 'panel', 'aria-label': 'The selected number' });
    const place = h('div', {}, this.#grid?.element ?? '');
    const picker = !hasGradient ? null : choice('Show', ['Its gradient', 'Its values'], 0, (i) => {
      this.#grid = create(i === 0 ? Tensor.of(gradient) : tensor);
      place.replaceChildren(this.#grid?.element ?? '');
    });
    element.append(...[picker, place, missingRows(tensor), this.#grid && readout, this.#panel].filter(Boolean));
    return [element];
  }

  #inputGradients(operation) {
    const context = this.#context;
    return [
      operation.gradient ? paragraph(operation.gradient) : null,
      paragraph('Going back, the operation takes the gradient of its output and adds its share to the gradient of each input:'),
      ...operation.inputs.map((input, i) => {
        const gradient = operation.inputGradients?.[i];
        const tensor = Tensor.of(input);
        if (gradient === null || gradient === undefined) {
          return note('No gradient flows to ' + context.nameOf(tensor) + '.');
        }
        return lazily('Gradient of ' + context.nameOf(tensor) + ' ' + tensor.size, () => gridWithReadout(Tensor.of(gradient), context, ''));
      }),
    ];
  }

  #select(r, c, focus) {
    this.#grid?.choose(r, c, focus);
    this.#showPanel(r, c);
  }

  #showPanel(r, c) {
    const here = this.#trail.findIndex(({ address }) => address === location.hash);
    if (here >= 0) {
      this.#trail.length = here; // the reader went back
    }
    const back = h('p', { class: 'trail' }, this.#trail.length === 0 ? null : ['Came from ',
      this.#trail.slice(-8).map(({ address, name }, i) => [i > 0 ? ' → ' : '', h('a', { href: address }, name)])]);
    this.#panel.replaceChildren(back, this.#panelOf(r, c));
  }

  /** Closes what is said about an element; returns whether there was something. */
  close() {
    const open = this.#panel?.childElementCount > 0;
    if (open) {
      this.#panel.replaceChildren();
      this.#grid?.choose(null);
      this.#trail = [];
    }
    return open;
  }

  /** Closes the selected element on Escape and returns to its grid. */
  escape() {
    if (this.close()) {
      history.pushState(null, '', '#' + this.#context.base + '/' + this.#shown);
      this.#grid?.focus();
    }
  }
}

/** Which operation it is and, if its output has a name, what it computes. */
function titleOf({ index, op, name }) {
  return [h('small', {}, index + ' '), name ? [h('small', {}, op + ' → '), name] : op];
}

/** The place of the largest number of the last row that the page has: in the logits, the likeliest next token. */
function largestOfLastRow(tensor) {
  const row = tensor.present ? tensor.present.at(-1) : tensor.rows - 1;
  const columns = Array.from({ length: tensor.columns }, (_, c) => c);
  return [row, columns.reduce((best, c) => (tensor.get(row, c) > tensor.get(row, best) ? c : best), 0)];
}

/** A grid with a line that says the number at the cursor. */
function gridWithReadout(tensor, context, section) {
  const readout = h('p', { class: 'readout', 'aria-live': 'polite' });
  const say = (r, c) => (readout.textContent = '[' + r + ', ' + c + '] = ' + full(tensor.get(r, c)));
  return [tensor.present?.length === 0 ? null : tensorGrid(tensor, context, section, say, say).element, missingRows(tensor), readout];
}

/** A closed part of the page whose content is created when it is opened. */
function lazily(title, content) {
  const details = h('details', {}, h('summary', {}, title));
  details.addEventListener('toggle', () => {
    if (details.open && details.childElementCount === 1) {
      details.append(...[content()].flat().filter(Boolean));
    }
  });
  return details;
}

/** The Java of an operation, beside the same in MicroGpt.java. */
function sourceOf(operation, backward) {
  const own = operation.source === null ? undefined : data.sources[operation.source];
  const range = operation.microgpt === null ? undefined : data.microgpt?.parts[operation.microgpt];
  if (!own && !range) {
    return note('The code of ' + operation.class + ' is not in this page.');
  }
  return lazily('The code', () => {
    const figures = h('div', { class: 'sources' },
      own ? code(operation.class, own, lineOf(own, backward ? /void backward\(/ : /void forward\(/)) : null,
      range ? code('MicroGpt.java: the same for single numbers', data.microgpt.file, range[0], range) : null);
    requestAnimationFrame(() => figures.querySelectorAll('pre').forEach((one) => one.scrollToFirst()));
    return figures;
  });
}

function lineOf(text, pattern) {
  return text.slice(0, Math.max(0, text.search(pattern))).split('\n').length;
}

/** Text of a program with numbers of lines, scrolled to a line. */
function code(title, text, line, marked) {
  const lines = text.replace(/\n$/, '').split('\n').map((content, i) => h('span', {
    class: marked && i + 1 >= marked[0] && i + 1 <= marked[1] ? 'line marked' : 'line', 'data-line': i + 1,
  }, highlighted(content), '\n'));
  const pre = h('pre', { tabindex: 0, role: 'region', 'aria-label': title }, lines);
  pre.scrollToFirst = () => (pre.scrollTop = lines[Math.max(0, line - 3)].offsetTop);
  return h('figure', {}, h('figcaption', {}, title), pre);
}

const JAVA = /(\/\/.*|^\s*\/?\*.*)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|\b(abstract|boolean|break|case|class|continue|default|double|else|enum|extends|final|for|if|implements|import|instanceof|int|interface|long|new|null|package|private|protected|public|record|return|static|super|switch|this|throw|void|while)\b/g;

function highlighted(line) {
  const parts = [];
  let end = 0;
  for (const match of line.matchAll(JAVA)) {
    parts.push(line.slice(end, match.index), h('span', { class: match[1] ? 'comment' : match[2] ? 'string' : 'keyword' }, match[0]));
    end = match.index + match[0].length;
  }
  return [...parts, line.slice(end)];
}

function operationsView() {
  const view = new OperationsView(new Context('operations', data), false);
  return {
    content: [
      h('h2', { tabindex: -1 }, 'Operations'),
      paragraph('The model is a list of ', grouped.format(data.operations.length), ' operations on grids of numbers, called tensors. In most of them each row '
        + 'belongs to one position of the text, and each column is one ', h('em', {}, 'channel'), ' of its description.'),
      paragraph('The list has them in the order in which they ran: the kind of operation → the name of its result, if it has one, and its size. The view opens at the end, with the highest score (',
        h('em', {}, 'logit'), ') of the last position, and below it the numbers that it was computed from. Each of those is a link, so you can walk back from there to the weights at the beginning. '
        + 'Select any other number to take that one apart.'),
      view.element,
    ],
    show: (rest, focus) => view.show(rest, focus),
    escape: () => view.escape(),
  };
}
