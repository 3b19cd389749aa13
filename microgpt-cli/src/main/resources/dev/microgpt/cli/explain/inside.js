// Views 4 to 6: the residual stream, what it would already answer, and what each part contributes.

function streamView() {
  const tokens = data.tokens;
  const context = new Context('operations', data);
  let position = data.focus?.position ?? tokens.length - 1;
  let grid = null;
  const place = h('div', {});
  const readout = h('p', { class: 'readout', 'aria-live': 'polite' }, 'Enter or a click shows where a number comes from.');
  // what is added comes before the sum
  const stages = data.stream.flatMap((one) => [
    ...(one.added ? [{ name: '+ ' + one.added, tensor: Tensor.of(one.addedTensor), norms: one.addedNorms, isAdded: true }] : []),
    { name: (one.added ? '= ' : '') + one.name, tensor: Tensor.of(one.tensor), norms: one.norms, isAdded: false },
  ]);
  const largest = Math.max(...stages.map((one) => one.tensor.largest));
  const picker = positionChoice('Position', tokens, position, (t) => (location.hash = 'stream/' + t));

  function draw() {
    grid = makeGrid({
      label: 'The stream at position ' + position + ': a row for each stage, a column for each channel',
      corner: 'norm',
      rows: stages.length,
      columns: stages[0].tensor.columns,
      headWidth: wideEnough.matches ? 15 : 10,
      rowHead: (s) => [h('span', { class: 'name' }, stages[s].name), ' ', h('small', {}, short(stages[s].norms[position]))],
      columnHead: String,
      cell: (s, c) => {
        const x = stages[s].tensor.get(position, c);
        return { text: short(x), title: full(x), shade: x / (largest || 1), kind: stages[s].isAdded ? 'added' : null };
      },
      selected: (s, c) => (location.hash = context.address(stages[s].tensor).slice(1) + '/' + position + ',' + c),
      moved: (s, c) => (readout.textContent = stages[s].name + '[' + position + ', ' + c + '] = ' + full(stages[s].tensor.get(position, c))),
    });
    place.replaceChildren(grid.element);
  }

  const longest = Math.max(...stages.flatMap((one) => one.norms));
  return {
    content: [
      h('h2', { tabindex: -1 }, 'Residual stream'),
      paragraph('Each position is described by ' + grouped.format(stages[0].tensor.columns) + ' numbers. Attention and the MLP (the small network that follows it) never replace them: '
        + 'they compute something and ', h('em', {}, 'add'), ' it. This running sum is the residual stream, and the answer is read from its end. The first row is its beginning: the embedding, what the model has learned about the token and its place.'),
      paragraph('Follow one column from top to bottom: +\u00a0rows are what a part adds, =\u00a0rows are the sum. The ', h('em', {}, 'norm'), ', the length of a row, says how much there is of it.'),
      picker, place, readout,
      table('Norm of each stage at each position', ['Stage', ...tokens.map((token, t) => positionName(t))], stages.map((one) => [
        one.name, ...one.norms.map((norm) => shade(h('td', { class: 'shaded' }, short(norm)), norm / longest))])),
    ],
    show([t]) {
      position = indexIn(tokens.length, t, position);
      picker.choose(position);
      draw();
    },
  };
}

function lensView() {
  const tokens = data.tokens;
  const stages = data.lens;
  const panel = h('section', { class: 'panel', 'aria-label': 'The selected answer', 'aria-live': 'polite' });
  const grid = makeGrid({
    label: 'Most likely next token: a row for each stage, a column for each position',
    corner: 'stage ↓ read →',
    rows: stages.length,
    columns: tokens.length,
    width: 7.5,
    headWidth: wideEnough.matches ? 11 : 7,
    rowHead: (s) => h('span', { class: 'name' }, stages[s].name),
    columnHead: positionName,
    cell: (s, t) => {
      const [id, p] = stages[s].top[t][0];
      const isRight = data.targets?.[t]?.id === id;
      return { text: h('span', {}, isRight ? '✓ ' : '', tokenOf(id), h('small', {}, ' ' + percent(p))), shade: p, title: percent(p) + (isRight ? ', the right token' : '') };
    },
    selected: say,
    moved: say,
  });

  function say(s, t) {
    const { name, top, target, rank, entropy } = stages[s];
    const right = data.targets?.[t];
    panel.replaceChildren(
      h('h3', {}, 'At ' + name + ', after ', positionName(t)),
      right ? paragraph('The right token ', tokenOf(right.id), ' has the probability ', h('strong', {}, percent(target[t])), ' and rank ' + grouped.format(rank[t])
        + '. Entropy ' + short(entropy[t]) + ': as unsure as among ' + among(entropy[t]) + ' tokens.') : '',
      table('Most likely tokens', ['Token', 'Probability', ''], top[t].map(([id, p]) => [tokenOf(id), full(p), h('td', {}, bar(p), ' ' + percent(p))])));
  }

  return {
    content: [
      h('h2', { tabindex: -1 }, 'Logit lens'),
      paragraph('What would the model answer if it stopped here? The ', h('em', {}, 'logit lens'), ' reads the residual stream of each stage with the last operations of the model, which turn the end of the stream into scores. '
        + 'So you see at which stage the answer appears. The last row is the real answer; ✓ marks the right token.'),
      grid.element, panel,
      table('Probability of the right token', ['Stage', ...tokens.map((token, t) => positionName(t))], stages.map((one) => [
        one.name, ...tokens.map((token, t) => shade(h('td', { class: 'shaded' }, data.targets?.[t] ? percent(one.target[t]) : '–'), one.target[t] ?? 0))])),
      note('The stages before the end were not trained to be read in this way: an unclear answer does not mean that nothing is known there.'),
    ],
    show() {},
  };
}

function ablationsView() {
  const tokens = data.tokens;
  const all = data.ablations;
  const panel = h('section', { class: 'panel', 'aria-label': 'The selected ablation', 'aria-live': 'polite' });
  const largest = Math.max(...all.map((one) => Math.abs(one.change))) || 1;
  const largestOfAll = Math.max(...all.flatMap((one) => one.probabilities.map((p, t) => Math.abs(p - data.positions[t].probability)))) || 1;
  const grid = makeGrid({
    label: 'Probability of the right token: a row for each part left out, a column for each position',
    corner: 'without ↓',
    rows: all.length + 1,
    columns: tokens.length,
    headWidth: 9,
    rowHead: (a) => h('span', { class: 'name' }, a === 0 ? '(nothing left out)' : all[a - 1].name),
    columnHead: positionName,
    cell: (a, t) => {
      const before = data.positions[t].probability;
      const p = a === 0 ? before : all[a - 1].probabilities[t];
      return data.targets?.[t] ? { text: percent(p), title: full(p), shade: (p - before) / largestOfAll } : { text: '–' };
    },
    selected: say,
    moved: say,
  });

  function say(a, t) {
    if (a === 0) {
      panel.replaceChildren(note('This is the whole model. Select a cell of another row.'));
      return;
    }
    const one = all[a - 1];
    panel.replaceChildren(
      h('h3', {}, 'Without ' + one.name + ', after ', positionName(t)),
      table('Tokens whose probability changes most', ['Token', 'With it', 'Without it'], one.changed[t].map(([id, before, after]) => [tokenOf(id), full(before), full(after)])));
  }

  return {
    content: [
      h('h2', { tabindex: -1 }, 'Ablations'),
      paragraph('What does a part contribute? Here each head, attention, MLP (the small network that follows attention) or layer is left out in turn: what it would add to the residual stream is replaced by zeros, and the model reads the text again. '
        + 'If the loss rises, the part helped with this text; if it falls, the text would have been likelier without the part.'),
      table('Loss without each part' + (data.loss === null ? '' : '; with all parts it is ' + data.loss.toFixed(4)), ['Left out', 'Loss', 'Change', ''], all.map((one) => [
        one.name, one.loss === null ? '–' : one.loss.toFixed(4), (one.change > 0 ? '+' : '') + short(one.change), h('td', {}, bar(Math.abs(one.change) / largest, one.change < 0 ? 'signed left' : 'signed'))])),
      h('h3', {}, 'Position by position'),
      paragraph('The probability of the right token without each part. Orange: lower than with it, blue: higher.'),
      grid.element, panel,
      note('Parts work together: the changes do not add up, and a part that changes little here may matter for other texts.'),
    ],
    show() {},
  };
}
