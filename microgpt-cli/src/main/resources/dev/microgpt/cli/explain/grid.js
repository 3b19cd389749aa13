// A grid of any size, of which only what can be seen is in the document.

const CELL_HEIGHT = 1.75; // in rem
const CELL_WIDTH = 4.25;

/**
 * Creates a grid. Arrow keys move in it, Home, End, Page Up and Page Down too; Enter, Space or a click select a cell.
 *
 * spec: label; rows, columns (numbers); rowHead(r), columnHead(c) (text or node); cell(r, c) gives { text, shade, title,
 * kind }; selected(r, c) is called for a selection; moved(r, c), if given, for each move by key; width of columns and
 * headWidth of the first, in rem.
 */
function makeGrid(spec) {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const height = CELL_HEIGHT * rem;
  const width = (spec.width ?? CELL_WIDTH) * rem;
  const headWidth = (spec.headWidth ?? 4.5) * rem;
  const rows = new Map(); // those in the document: index → { element, cells }
  let active = [0, 0];
  let chosen = null;

  const corner = h('div', { role: 'columnheader', class: 'corner', 'aria-colindex': 1 }, spec.corner ?? '');
  const head = h('div', { role: 'row', class: 'head', 'aria-rowindex': 1 }, corner);
  const heads = new Map();
  const sheet = h('div', { role: 'presentation', class: 'sheet' }, head);
  const box = h('div', {
    class: 'grid', role: 'grid', 'aria-label': spec.label, 'aria-rowcount': spec.rows + 1,
    'aria-colcount': spec.columns + 1, onkeydown: press, onscroll: () => requestAnimationFrame(render),
  }, sheet);
  box.classList.toggle('tall', (spec.rows + 1) * height > Math.min(34 * rem, 0.75 * innerHeight));
  box.style.setProperty('--cell', width + 'px');
  box.style.setProperty('--line', height + 'px');
  box.style.setProperty('--head', headWidth + 'px');
  sheet.style.width = headWidth + spec.columns * width + 'px';
  sheet.style.height = (spec.rows + 1) * height + 'px';
  new ResizeObserver(render).observe(box);

  function seen(from, length, size, count) {
    const first = Math.max(0, Math.floor(from / size) - 2);
    return [first, Math.min(count, Math.ceil((from + length) / size) + 2)];
  }

  /** Adds what has come into sight and removes what has left it, except the active cell, which has the focus. */
  function render() {
    const [firstRow, endRow] = seen(box.scrollTop, box.clientHeight, height, spec.rows);
    const [firstColumn, endColumn] = seen(box.scrollLeft, box.clientWidth, width, spec.columns);
    for (const [c, element] of heads) {
      if (c < firstColumn || c >= endColumn) {
        element.remove();
        heads.delete(c);
      }
    }
    for (let c = firstColumn; c < endColumn; c++) {
      if (!heads.has(c)) {
        const element = h('div', { role: 'columnheader', 'aria-colindex': c + 2 }, spec.columnHead(c));
        element.style.left = headWidth + c * width + 'px';
        heads.set(c, element);
        head.append(element);
      }
    }
    for (const [r, row] of rows) {
      if ((r < firstRow || r >= endRow) && r !== active[0]) {
        row.element.remove();
        rows.delete(r);
      }
    }
    for (let r = firstRow; r < endRow; r++) {
      fill(r, firstColumn, endColumn);
    }
    fill(active[0], active[1], active[1] + 1, firstColumn, endColumn);
  }

  function fill(r, from, end, keepFrom = from, keepEnd = end) {
    let row = rows.get(r);
    if (!row) {
      const element = h('div', { role: 'row', 'aria-rowindex': r + 2 },
        h('div', { role: 'rowheader', 'aria-colindex': 1 }, spec.rowHead(r)));
      element.style.top = (r + 1) * height + 'px';
      row = { element, cells: new Map() };
      rows.set(r, row);
      const after = [...rows.keys()].filter((other) => other > r).sort((a, b) => a - b)[0];
      sheet.insertBefore(element, after === undefined ? null : rows.get(after).element);
    }
    for (const [c, cell] of row.cells) {
      if ((c < keepFrom || c >= keepEnd) && !(r === active[0] && c === active[1])) {
        cell.remove();
        row.cells.delete(c);
      }
    }
    for (let c = from; c < end; c++) {
      if (!row.cells.has(c)) {
        const cell = create(r, c);
        row.cells.set(c, cell);
        row.element.append(cell);
      }
    }
  }

  function create(r, c) {
    const { text, shade: strength, title, kind } = spec.cell(r, c);
    const isActive = r === active[0] && c === active[1];
    const cell = h('div', {
      role: 'gridcell', class: kind, title, 'aria-colindex': c + 2, tabindex: isActive ? 0 : -1,
      'aria-selected': String(chosen !== null && r === chosen[0] && c === chosen[1]),
      onclick: () => {
        activate(r, c);
        cell.focus({ preventScroll: true });
        select(r, c);
      },
    }, text);
    cell.style.left = headWidth + c * width + 'px';
    return shade(cell, strength);
  }

  function at(r, c) {
    return rows.get(r)?.cells.get(c);
  }

  function activate(r, c) {
    at(...active)?.setAttribute('tabindex', -1);
    active = [r, c];
    show(r, c);
    render();
    at(r, c).setAttribute('tabindex', 0);
  }

  /** Scrolls a cell to where the heads do not hide it. */
  function show(r, c) {
    const top = r * height;
    const left = c * width;
    if (top < box.scrollTop) {
      box.scrollTop = top;
    } else if (top + 2 * height > box.scrollTop + box.clientHeight) {
      box.scrollTop = top + 2 * height - box.clientHeight;
    }
    if (left < box.scrollLeft) {
      box.scrollLeft = left;
    } else if (left + width + headWidth > box.scrollLeft + box.clientWidth) {
      box.scrollLeft = left + width + headWidth - box.clientWidth;
    }
  }

  function mark(r, c) {
    if (chosen) {
      at(...chosen)?.setAttribute('aria-selected', 'false');
    }
    chosen = r === null ? null : [r, c];
    if (chosen) {
      at(r, c)?.setAttribute('aria-selected', 'true');
    }
  }

  function select(r, c) {
    mark(r, c);
    spec.selected?.(r, c);
  }

  function press(event) {
    if (event.altKey || event.metaKey) {
      return;
    }
    const [r, c] = active;
    const page = Math.max(1, Math.floor(box.clientHeight / height) - 2);
    const ends = event.ctrlKey;
    const targets = {
      ArrowUp: [r - 1, c],
      ArrowDown: [r + 1, c],
      ArrowLeft: [r, c - 1],
      ArrowRight: [r, c + 1],
      Home: [ends ? 0 : r, 0],
      End: [ends ? spec.rows - 1 : r, spec.columns - 1],
      PageUp: [r - page, c],
      PageDown: [r + page, c],
    };
    if (event.key === 'Enter' || event.key === ' ') {
      select(r, c);
      event.preventDefault();
    } else if (Object.hasOwn(targets, event.key)) {
      const [row, column] = targets[event.key];
      const to = [Math.max(0, Math.min(spec.rows - 1, row)), Math.max(0, Math.min(spec.columns - 1, column))];
      activate(...to);
      at(...to).focus({ preventScroll: true });
      spec.moved?.(...to);
      event.preventDefault();
    }
  }

  return {
    element: box,
    /** Marks a cell as the selected one, or none for null, and moves there; with focus, also the focus. */
    choose(r, c, focus) {
      mark(r, c);
      if (r !== null) {
        activate(r, c);
        if (focus) {
          at(r, c).focus({ preventScroll: true });
          box.scrollIntoView({ block: 'nearest' });
        }
      }
    },
    focus() {
      activate(...active);
      at(...active).focus();
    },
    repaint() {
      for (const row of rows.values()) {
        row.element.remove();
      }
      rows.clear();
      render();
    },
  };
}

/** The grid of a tensor, with its numbers and colours. */
function tensorGrid(tensor, context, section, selected, moved) {
  const places = tensor.present ?? null;
  const row = (r) => (places ? places[r] : r);
  const place = (r) => (places ? tensor.places.get(r) : r);
  const grid = makeGrid({
    label: tensor.label + ' ' + tensor.size,
    rows: places ? places.length : tensor.rows,
    columns: tensor.columns,
    rowHead: (r) => rowName(tensor, context, row(r)),
    columnHead: (c) => columnName(tensor, section, c),
    cell: (r, c) => {
      const x = tensor.get(row(r), c);
      return { text: short(x), title: full(x), shade: tensor.largest > 0 ? x / tensor.largest : 0 };
    },
    selected: selected && ((r, c) => selected(row(r), c)),
    moved: moved && ((r, c) => moved(row(r), c)),
  });
  return {
    ...grid,
    choose: (r, c, focus) => {
      if (r === null || place(r) !== undefined) {
        grid.choose(r === null ? null : place(r), c, focus);
      }
    },
  };
}

/** What a row stands for: a position of the text, a token of the vocabulary, or only its number. */
function rowName(tensor, context, r) {
  if (tensor.kind !== 'weight' && tensor.shape.length === 2 && tensor.rows === context.tokens.length) {
    return [h('small', {}, r + ' '), tokenOf(context.tokens[r].id)];
  }
  if (tensor.name === 'wte' || tensor.name === 'lm_head') {
    return [h('small', {}, r + ' '), tokenOf(r)];
  }
  if (tensor.shape.length === 3) {
    const [, queries] = tensor.shape;
    return 'h' + Math.floor(r / queries) + ' ' + (r % queries);
  }
  return String(r);
}

function columnName(tensor, section, c) {
  const isVocabulary = tensor.name === 'logits' || (section === 'head' && tensor.columns === vocabularySize);
  return isVocabulary && tensor.kind !== 'weight' ? [h('small', {}, c + ' '), tokenOf(c)] : String(c);
}

function missingRows(tensor) {
  if (tensor.present?.length === 0) {
    return note('The numbers of this tensor are not in this page; the option --full writes all.');
  }
  return tensor.present && tensor.present.length < tensor.rows
    ? note('This page has ' + grouped.format(tensor.present.length) + ' of the ' + grouped.format(tensor.rows)
        + ' rows; the option --full writes all of them.')
    : null;
}
