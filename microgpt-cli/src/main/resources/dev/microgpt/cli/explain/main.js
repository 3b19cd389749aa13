// The views and their addresses: #view/what/where.

const VIEWS = [
  ['overview', 'Overview', () => fixed(overviewView())],
  ['operations', 'Operations', operationsView],
  ['attention', 'Attention', attentionView, data.attention?.length > 0],
  ['stream', 'Residual stream', streamView, data.stream?.length > 0],
  ['lens', 'Logit lens', lensView, data.lens?.length > 0],
  ['ablations', 'Ablations', ablationsView, data.ablations?.length > 0],
  ['drawing', 'Drawing', drawingView, Boolean(data.drawing)],
  ['training', 'Training step', trainingView, Boolean(data.step)],
].filter(([, , , present = true]) => present);

/** A view that does not depend on the rest of its address. */
function fixed(content) {
  return { content, show() {} };
}

const main = document.getElementById('view');
const links = new Map(VIEWS.map(([id, name]) => [id, h('a', { href: '#' + id }, name)]));
const built = new Map();
let current = null;

document.getElementById('views').append(h('ul', {}, [...links.values()].map((link) => h('li', {}, link))));
document.getElementById('note').textContent = data.sourceNote ?? '';
if (!data.complete) {
  const { position, layer } = data.focus ?? {};
  document.getElementById('note').append(' This page has the numbers of position ' + position + ' and layer ' + layer
    + ' (see the options --position and --layer), and says where others are missing; the option --full writes all.');
}

function route(event) {
  const [id, ...rest] = location.hash.slice(1).split('/').map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return ''; // not written by this page
    }
  });
  const view = VIEWS.find(([name]) => name === id) ?? VIEWS[0];
  const isNew = current !== view[0];
  if (isNew) {
    links.get(current)?.removeAttribute('aria-current');
    current = view[0];
    links.get(current).setAttribute('aria-current', 'page');
    if (!built.has(current)) {
      built.set(current, view[2]());
    }
    main.replaceChildren(...built.get(current).content);
    document.title = view[1] + ' · ' + data.title;
    scrollTo(0, 0);
  }
  const focus = event !== undefined; // the reader followed a link: the keyboard follows too
  built.get(current).show(rest, focus);
  if (focus && document.activeElement.closest('#views')) {
    main.querySelector('h2').focus({ preventScroll: true });
  }
}

addEventListener('hashchange', route);
addEventListener('keydown', (event) => {
  if (event.key === 'Escape') {
    built.get(current).escape?.();
  }
});
route();
