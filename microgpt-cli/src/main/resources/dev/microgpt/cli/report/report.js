// Shows the numbers at the cursor. Without this script, the page shows everything else.
'use strict';

(function () {
  const SVG = 'http://www.w3.org/2000/svg';
  const whole = new Intl.NumberFormat('en-US');
  const number = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 5 });

  for (const chart of JSON.parse(document.getElementById('data').textContent)) {
    addCursor(chart, document.getElementById(chart.id), document.getElementById(chart.id + '-readout'));
  }
  document.getElementById('hint').hidden = false;

  function addCursor(chart, plot, readout) {
    const first = chart.lines[0]; // the cursor stops at its points
    chart.lines.forEach((one, i) => {
      one.steps = one.steps || chart.lines[i - 1].steps;
    });
    const group = add(plot, 'g', { class: 'cursor', display: 'none', 'aria-hidden': 'true' });
    const line = add(group, 'line', { y1: '0', y2: '100%' });
    const dots = chart.lines.map((one) => add(group, 'circle', { class: one.style, r: '4.5' }));
    let index = -1; // of the point at the cursor; -1 for none

    function moveTo(wanted, spoken) {
      index = Math.max(0, Math.min(first.steps.length - 1, wanted));
      const step = first.steps[index];
      const texts = ['step ' + whole.format(step)];
      chart.lines.forEach((one, i) => {
        const at = lastUpTo(one.steps, step);
        dots[i].setAttribute('display', at < 0 ? 'none' : 'inline');
        if (at < 0) {
          return;
        }
        dots[i].setAttribute('cx', percent(position(one.steps[at], chart.x, false)));
        dots[i].setAttribute('cy', percent(1 - position(one.values[at], chart.y, chart.logarithmic)));
        const earlier = one.steps[at] === step ? '' : ' at step ' + whole.format(one.steps[at]);
        texts.push(one.name + ': ' + number.format(one.values[at]) + earlier);
      });
      const x = percent(position(step, chart.x, false));
      line.setAttribute('x1', x);
      line.setAttribute('x2', x);
      group.setAttribute('display', 'inline');
      // a pointer passes many points: screen readers announce moves by key only
      readout.setAttribute('aria-live', spoken ? 'polite' : 'off');
      readout.textContent = texts.join(' · ');
    }

    function hide() {
      index = -1;
      group.setAttribute('display', 'none');
      readout.setAttribute('aria-live', 'off');
      readout.textContent = '';
    }

    function point(event) {
      const box = plot.getBoundingClientRect();
      const step = chart.x[0] + ((event.clientX - box.left) / box.width) * (chart.x[1] - chart.x[0]);
      moveTo(nearest(first.steps, step), false);
    }

    function press(event) {
      const last = first.steps.length - 1;
      const page = Math.max(1, Math.round(last / 10));
      const from = index < 0 ? last : index;
      const targets = {
        ArrowLeft: index < 0 ? last : from - (event.shiftKey ? page : 1),
        ArrowRight: index < 0 ? 0 : from + (event.shiftKey ? page : 1),
        PageUp: from - page,
        PageDown: from + page,
        Home: 0,
        End: last,
      };
      if (event.altKey || event.ctrlKey || event.metaKey) {
        return;
      }
      if (event.key === 'Escape') {
        hide();
      } else if (Object.hasOwn(targets, event.key)) {
        moveTo(targets[event.key], true);
        event.preventDefault();
      }
    }

    plot.setAttribute('tabindex', '0');
    plot.setAttribute('role', 'application'); // screen readers leave the keys to the chart
    plot.setAttribute('aria-roledescription', 'chart');
    plot.setAttribute('aria-describedby', 'hint');
    plot.addEventListener('pointerdown', point);
    plot.addEventListener('pointermove', point);
    plot.addEventListener('pointerleave', (event) => {
      // after a touch, the numbers stay to be read
      if (event.pointerType === 'mouse' && document.activeElement !== plot) {
        hide();
      }
    });
    plot.addEventListener('keydown', press);
    plot.addEventListener('blur', hide);
  }

  function add(parent, name, attributes) {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) {
      element.setAttribute(key, value);
    }
    parent.appendChild(element);
    return element;
  }

  function position(value, [min, max], logarithmic) {
    return logarithmic ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min);
  }

  function percent(part) {
    return 100 * part + '%';
  }

  // Returns the index of the last number that is not above a limit, -1 if all are above it.
  function lastUpTo(numbers, limit) {
    let low = -1;
    let high = numbers.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (numbers[middle] <= limit) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  function nearest(numbers, wanted) {
    const before = Math.max(0, lastUpTo(numbers, wanted));
    const after = Math.min(numbers.length - 1, before + 1);
    return wanted - numbers[before] <= numbers[after] - wanted ? before : after;
  }
})();
