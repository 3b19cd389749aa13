// View 7: how tokens are drawn.

function drawingView() {
  const drawing = data.drawing;
  const panel = h('section', { class: 'panel', 'aria-label': 'The selected draw' });
  const picker = choice('Draw', drawing.steps.map((step, i) => h('span', {}, h('small', {}, i + 1 + ' '), tokenOf(step.drawn))), 0, (i) => (location.hash = 'drawing/' + (i + 1)));

  function draw(i) {
    const { after, random, tokens, drawn } = drawing.steps[i];
    const wheel = h('div', { class: 'wheel', 'aria-hidden': 'true' }, tokens.filter(([, , , isKept]) => isKept).map(([id, , weight, , upTo], k) => {
      const part = h('span', { class: id === drawn ? 'drawn' : k % 2 === 1 ? 'odd' : null }, weight > 0.03 ? tokenOf(id) : '');
      part.style.setProperty('--from', (upTo - weight).toFixed(5));
      part.style.setProperty('--length', weight.toFixed(5));
      return part;
    }), random === null ? null : h('i', {}));
    wheel.style.setProperty('--random', random);
    panel.replaceChildren(
      h('h3', {}, 'After ', h('bdi', { class: 'token' }, visible(data.text + after))),
      random === null
        ? paragraph('At temperature 0 nothing is left to chance: the most likely token is taken, ', tokenOf(drawn), '.')
        : paragraph('The random number is ', h('strong', {}, full(random)), ': it points at ', tokenOf(drawn), '.'),
      wheel,
      table('The tokens; those that are not kept cannot be drawn', ['Token', 'Logit', 'Weight', '', 'Kept', 'Sum so far'], tokens.map(([id, logit, weight, isKept, sum]) => {
        const first = h('th', { scope: 'row' }, id === drawn ? '→ ' : '', tokenOf(id), id === drawn ? h('span', { class: 'hidden' }, ' (drawn)') : '');
        return [first, h('td', {}, short(logit)), h('td', {}, short(weight)), h('td', {}, bar(weight)), h('td', {}, isKept ? 'yes' : 'no'), h('td', {}, short(sum))];
      }), { class: 'draw' }));
  }

  const filters = [
    drawing.topK > 0 ? 'Only the ' + drawing.topK + ' most likely tokens are kept (top-k).' : null,
    drawing.topP < 1 ? 'Only the most likely tokens that together reach ' + percent(drawing.topP) + ' are kept (top-p).' : null,
  ].filter(Boolean).join(' ');
  return {
    content: [
      h('h2', { tabindex: -1 }, 'Drawing'),
      paragraph('The model only gives scores, the ', h('em', {}, 'logits'), '. To write, one token is drawn at a time: the logits are divided by the ', h('em', {}, 'temperature'), ' '
        + full(drawing.temperature) + (drawing.temperature < 1 ? ', which makes likely tokens even likelier' : drawing.temperature > 1 ? ', which gives unlikely tokens a better chance' : ', which changes nothing')
        + ', and turned by the softmax into shares of 1, their weights. Laid side by side, these form a line, and a random number from 0 to 1 points at one of them. ' + filters),
      paragraph('With seed ' + drawing.seed + ', the text goes on like this: ', h('bdi', { class: 'token' }, visible(data.text), h('strong', {}, visible(drawing.text))),
        data.vocabulary[drawing.steps.at(-1)?.drawn] === '<BOS>' ? ', and ends.' : ' …'),
      picker, panel,
    ],
    show([step]) {
      const i = Math.max(0, indexIn(drawing.steps.length + 1, step, 1) - 1);
      picker.choose(i);
      draw(i);
    },
  };
}
