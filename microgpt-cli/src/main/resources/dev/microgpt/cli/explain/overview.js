// View 1: what the model expected at each position, and how surprised it was.

function overviewView() {
  const { positions, loss, guess, model } = data;
  const largest = Math.max(guess, ...positions.map((one) => one.loss ?? 0));
  const line = (nats) => {
    const element = bar(nats / largest, nats > guess ? 'loss bad' : 'loss');
    element.style.setProperty('--guess', (guess / largest).toFixed(4));
    return element;
  };
  const chips = [{ id: positions[0].token, probability: null }, ...positions.filter((one) => one.target !== null)
    .map((one) => ({ id: one.target, probability: one.probability }))];
  const strip = h('ol', { class: 'strip' }, chips.map(({ id, probability }) =>
    shade(h('li', {}, tokenOf(id), h('small', {}, probability === null ? 'given' : percent(probability))), probability ?? 0)));
  const rows = positions.map((one, t) => [
    h('th', { scope: 'row' }, h('small', {}, t + ' '), tokenOf(one.token)),
    one.target === null ? h('td', {}, 'nothing follows') : h('td', {}, tokenOf(one.target)),
    h('td', {}, one.target === null ? '' : [bar(one.probability), ' ' + percent(one.probability)]),
    h('td', {}, one.target === null ? '' : grouped.format(one.rank)),
    h('td', {}, one.target === null ? '' : [line(one.loss), ' ' + one.loss.toFixed(3)]),
    h('td', {}, one.entropy.toFixed(3)),
    h('td', {}, among(one.entropy)),
    h('td', { class: 'list' }, one.top.slice(0, 5).map(([id, p]) => h('span', { class: 'candidate' }, tokenOf(id), ' ' + percent(p)))),
  ]);
  return [
    h('h2', { tabindex: -1 }, 'Overview'),
    paragraph('The model reads the text from left to right. After each ', h('em', {}, 'token'), ' (a piece of text, one of '
      + grouped.format(vocabularySize) + ' that it knows) it gives every token a probability to come next. The ',
      h('em', {}, 'loss'), ' of a position is −log of the probability of the token that did come: 0 for a certain and right '
      + 'prediction, ', h('strong', {}, guess.toFixed(3)), ' for a blind guess among ' + grouped.format(vocabularySize) + ' tokens.'),
    tokenText(positions[0].token) === '<BOS>' ? paragraph('The token ', tokenOf(positions[0].token), ' stands at both ends of every document: '
      + 'from it the model predicts how a text begins, and by predicting it, that the text ends.') : null,
    h('dl', { class: 'facts' },
      loss === null ? null : fact('Mean loss of this text', loss.toFixed(3), (loss < guess ? 'better' : 'no better') + ' than a blind guess, ' + guess.toFixed(3)),
      loss === null ? null : fact('As unsure as among', among(loss) + ' tokens', 'e to the power of the loss; a blind guess is among ' + grouped.format(vocabularySize)),
      data.copy ? copyFact(data.copy) : null,
      fact('Model', grouped.format(model.parameters) + ' weights', model.type + ', ' + model.checkpoint + (model.step === null || model.step === undefined ? '' : ', after ' + grouped.format(model.step) + ' steps'))),
    h('h3', {}, 'How expected was each token?'),
    paragraph('The probability that the model gave to each token just before it came: the bluer, the less surprising.'),
    strip,
    h('h3', {}, 'Position by position'),
    table('What the model expected at each position. The line in the bars of the loss is the blind guess.',
      ['Token read', 'Next token', 'Its probability', 'Its rank', 'Loss', 'Entropy', 'As among', h('th', { scope: 'col', class: 'list' }, 'Most likely tokens')],
      rows, { class: 'positions' }),
    note('Rank 1 is the token that the model thought most likely. The entropy is the loss that the model itself expects, '
      + 'before it sees the next token: it says how unsure it is, “as among” so many equally likely tokens.'),
    h('details', {}, h('summary', {}, 'Settings of the model'),
      table('Settings', ['Name', 'Value'], model.settings, { class: 'configuration' }),
      model.parts?.length ? note('Parts of others: ' + model.parts.join(', ')) : null),
  ].filter(Boolean);
}

function fact(name, value, remark) {
  return h('div', {}, h('dt', {}, name), h('dd', {}, h('strong', {}, value), h('small', {}, remark)));
}

function copyFact({ status, longest, count }) {
  const known = longest ? ['longest piece found in the training data: ', h('bdi', { class: 'token' }, visible(longest)), ', ' + grouped.format(count) + (count === 1 ? ' time' : ' times')] : '';
  const words = { copy: 'It was in the training data', new: 'It is new', unknown: 'Unknown' };
  return h('div', {}, h('dt', {}, 'Copied or new?'), h('dd', {}, h('strong', {}, words[status] ?? status), h('small', {}, known)));
}
