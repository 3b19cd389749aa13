// View 3: what each head of attention reads.

function attentionView() {
  const context = new Context('operations', data);
  let index = Math.max(0, data.attention.findIndex((one) => one.layer === data.focus?.layer));
  let head = 0;
  let shownScores = false;
  let grid = null;
  const title = h('h2', { tabindex: -1 }, 'Attention');
  const heads = h('div', {});
  const map = h('div', {});
  const readout = h('p', { class: 'readout', 'aria-live': 'polite' });
  const panel = h('section', { class: 'panel', 'aria-label': 'The selected query' });
  const layers = choice('Layer', data.attention.map((one) => String(one.layer)), 0, (i) => go(i, 0));

  const go = (i, newHead, query) => {
    location.hash = 'attention/' + data.attention[i].layer + '/' + newHead + (query === undefined ? '' : '/' + query);
  };

  function drawHeads() {
    const { heads: count, probabilities } = data.attention[index];
    const picker = choice('Head', Array.from({ length: count }, (_, i) => h('span', { class: 'thumb' }, thumbnail(Tensor.of(probabilities), i), h('span', {}, String(i)))), head, (i) => go(index, i));
    heads.replaceChildren(picker);
  }

  function drawMap() {
    const layer = data.attention[index];
    const scores = Tensor.of(layer.scores);
    const probabilities = Tensor.of(layer.probabilities);
    const [, queries, keys] = probabilities.shape;
    const shown = shownScores ? scores : probabilities;
    const seen = (q, u) => {
      const [from, end] = seenKeys(layer, q, queries, keys);
      return u >= from && u < end;
    };
    const say = (q, u) => {
      readout.textContent = 'Query ' + q + ', key ' + u + (seen(q, u)
        ? ': score ' + full(scores.get(head * queries + q, u)) + ', probability ' + full(probabilities.get(head * queries + q, u))
        : ': hidden by the mask');
    };
    grid = makeGrid({
      label: (shownScores ? 'Scores' : 'Probabilities') + ' of layer ' + layer.layer + ', head ' + head + ': a row for each query, a column for each key',
      corner: 'query ↓ key →',
      rows: queries,
      columns: keys,
      headWidth: 6.5,
      rowHead: (q) => positionName(layer.queries?.[q] ?? q),
      columnHead: (u) => positionName(u),
      cell: (q, u) => {
        if (!seen(q, u)) {
          return { text: '', title: 'hidden by the mask', kind: 'masked' };
        }
        const x = shown.get(head * queries + q, u);
        return { text: short(x), title: full(x), shade: shownScores ? x / (scores.largest || 1) : x };
      },
      selected: (q, u) => {
        say(q, u);
        history.pushState(null, '', '#attention/' + layer.layer + '/' + head + '/' + q + '/' + u);
        drawQuery(q, u);
      },
      moved: say,
    });
    map.replaceChildren(grid.element);
  }

  function drawQuery(q, key) {
    const layer = data.attention[index];
    const operation = data.operations.find((one) => one.index === layer.operation);
    const [queryTensor, keyTensor, values] = operation.inputs.map(Tensor.of);
    const scores = Tensor.of(layer.scores);
    const probabilities = Tensor.of(layer.probabilities);
    const output = Tensor.of(operation.output);
    const [, queries, keys] = probabilities.shape;
    const [from, end] = seenKeys(layer, q, queries, keys);
    const width = output.columns / layer.heads;
    const first = Math.floor((head * layer.keyHeads) / layer.heads) * width; // of the columns of keys and values
    const row = head * queries + q;
    const u = key >= from && key < end ? key : end - 1; // a hidden one has no score
    const rows = [];
    for (let i = from; i < end; i++) {
      rows.push([
        h('th', { scope: 'row' }, h('a', { href: '#attention/' + layer.layer + '/' + head + '/' + q + '/' + i, 'aria-current': i === u ? 'true' : null }, positionName(i))),
        h('td', {}, context.link(scores, row, i)),
        h('td', {}, context.link(probabilities, row, i), ' ', bar(probabilities.get(row, i))),
      ]);
    }
    const mix = makeGrid({
      label: 'Values of the keys, and below their mixture, the output of this head',
      corner: 'channel →',
      rows: end - from + 1,
      columns: width,
      headWidth: 9,
      rowHead: (i) => (i === end - from ? 'mixture' : [positionName(from + i), ' × ' + short(probabilities.get(row, from + i))]),
      columnHead: (j) => String(head * width + j),
      cell: (i, j) => {
        const x = i === end - from ? output.get(q, head * width + j) : values.get(from + i, first + j);
        return { text: short(x), title: full(x), shade: x / (values.largest || 1), kind: i === end - from ? 'total' : null };
      },
      selected: (i, j) => {
        location.hash = (i === end - from ? context.address(output) + '/' + q + ',' + (head * width + j)
          : context.address(values) + '/' + (from + i) + ',' + (first + j)).slice(1);
      },
    });
    panel.replaceChildren(
      h('h3', {}, 'Query ', positionName(layer.queries?.[q] ?? q), ' in head ' + head),
      paragraph('The query is compared with the key of each position up to its own: the score is their dot product, taken apart below. '
        + 'Each score is scaled to ', h('code', {}, Number(short(layer.scale)) + ' · score'), ', so that scores of wide heads do not get too large. '
        + 'The ', h('em', {}, 'softmax'), ' (exp of each, divided by the sum of all) turns them into probabilities, which add up to 1.'),
      table('Scores and probabilities of the keys that this query may see', ['Key', 'Score', 'Probability'], rows),
      h('div', { class: 'element', 'data-operation': operation.index, 'data-kind': 'score', 'data-head': head, 'data-row': q, 'data-column': u, 'data-value': full(scores.get(row, u)) },
        h('h3', {}, 'Score of key ', positionName(u)),
        h('p', { class: 'result' }, h('output', {}, full(scores.get(row, u))), ' = Σ query[' + q + ', i] · key[' + u + ', i] over the ' + width + ' channels of the head'),
        chain(context, width, context.nameOf(queryTensor) + '[' + q + ', i]', context.nameOf(keyTensor) + '[' + u + ', i]',
          (i) => [queryTensor, q, head * width + i], (i) => [keyTensor, u, first + i], 0, '0')),
      h('h3', {}, 'What it takes from them'),
      paragraph('Each position also has a ', h('em', {}, 'value'), '. The output of the head is the sum of the values, each times its probability. Select a number to see where it comes from.'),
      mix.element);
  }

  return {
    content: [
      title,
      paragraph('Attention is the only place where positions exchange information. Each position asks with its ', h('em', {}, 'query'),
        '; every position up to it offers a ', h('em', {}, 'key'), ' and a ', h('em', {}, 'value'),
        '. The better a key matches the query, the more of its value is taken. Later positions are hidden by the ', h('em', {}, 'causal mask'),
        ' (hatched), since the model must predict them. Below, one query is taken apart, at first the last one. Select a number of another row to see that row\'s query.'),
      paragraph('Training computes all rows of this triangle at once. Writing needs only the last row for each new token, since the keys and values of earlier positions '
        + 'do not change and are kept, in the ', h('em', {}, 'key-value cache'), ': a token then costs as many dot products as there are positions, and a text of n tokens about n²/2, either way. Without the cache, each new token would compute the whole triangle again.'),
      paragraph('The heads do this side by side, each in channels of its own. A high probability says where a head looked, not yet that it changed the answer: for that, see ',
        data.ablations?.length > 0 ? h('a', { href: '#ablations' }, 'Ablations') : 'ablations', '.'),
      h('div', { class: 'choices' }, data.attention.length > 1 ? layers : '', heads,
        choice('Show', ['Probabilities', 'Scores'], 0, (i) => {
          shownScores = i === 1;
          drawMap();
        })),
      map, readout, panel,
    ],
    show([layer, headText, queryText, keyText], focus) {
      const named = data.attention.findIndex((one) => String(one.layer) === layer);
      const i = named < 0 ? index : named;
      const [, queries, keys] = Tensor.of(data.attention[i].probabilities).shape;
      const newHead = indexIn(data.attention[i].heads, headText, 0);
      // without one in the address, the last: the view opens with a query taken apart
      const query = indexIn(queries, queryText, lastQuery(data.attention[i], queries));
      const isNewLayer = grid === null || i !== index;
      const isNewMap = isNewLayer || newHead !== head;
      index = i;
      head = newHead;
      layers.choose(index);
      if (isNewLayer) {
        drawHeads();
      }
      heads.firstChild.choose(head);
      if (isNewMap) {
        drawMap();
        readout.textContent = 'Move with the arrow keys; Enter or a click takes a query apart.';
      }
      const key = indexIn(keys, keyText, seenKeys(data.attention[i], query, queries, keys)[1] - 1);
      drawQuery(query, key);
      grid.choose(query, key, focus && queryText !== undefined);
    },
    close() {
      const open = panel.childElementCount > 0;
      panel.replaceChildren();
      grid?.choose(null);
      return open;
    },
    escape() {
      if (this.close()) {
        history.pushState(null, '', '#attention/' + data.attention[index].layer + '/' + head);
        grid.focus();
      }
    },
  };
}

/** The query of the last position, or of the one whose numbers the page has. */
function lastQuery({ queries: positions }, queries) {
  const focused = Array.from({ length: queries }, (_, q) => positions?.[q] ?? q).indexOf(data.focus?.position);
  return focused < 0 ? queries - 1 : focused;
}

/** A position of the text and its token. */
function positionName(t) {
  return h('span', {}, h('small', {}, t + ' '), tokenOf(data.tokens[t]?.id));
}

/** A small picture of the probabilities of a head; the grid shows the numbers. */
function thumbnail(tensor, head) {
  const [, queries, keys] = tensor.shape;
  const canvas = h('canvas', { width: keys, height: queries, 'aria-hidden': 'true' });
  const pen = canvas.getContext('2d');
  for (let q = 0; q < queries; q++) {
    for (let u = 0; u < keys; u++) {
      pen.fillStyle = 'rgb(51 133 214 / ' + (tensor.get(head * queries + q, u) ?? 0) + ')';
      pen.fillRect(u, q, 1, 1);
    }
  }
  return canvas;
}
