"use strict";

const MOST = 1000; // next tokens that the server gives at once
const SHOWN = 15; // of them as bars
const END = "<BOS>";
const PART = /^bytes:(\\x[0-9a-f]{2})+$/;

const at = id => document.getElementById(id);
const given = document.querySelector(".given");
const generated = document.querySelector(".new");
let models = [];
let running = null; // the AbortController of the text that is being generated
let asking = null; // that of the question for the next token
let pause = 0; // before it
let next = []; // {token, text, logprob}, most likely first
let nextOf = ""; // the text that they may follow

/** Asks the server, and throws an Error with the sentence for people if it refuses. */
async function ask(path, body, signal) {
  const headers = body === undefined ? {} : { "Content-Type": "application/json" };
  if (at("key").value !== "") {
    headers.Authorization = "Bearer " + at("key").value;
  }
  const options = body === undefined ? { headers, signal } : { method: "POST", headers, body, signal };
  let answer;
  try {
    answer = await fetch(path, options);
  } catch (failure) {
    throw failure.name === "AbortError" ? failure : new Error("the server does not answer; is it still running?");
  }
  if (answer.ok) {
    return answer;
  }
  if (answer.status === 401) {
    at("key").type = "password";
    at("access").hidden = false;
  }
  const text = await answer.text();
  let message;
  try {
    message = JSON.parse(text).error.message;
  } catch (notJson) {
    message = "the server answered " + answer.status;
  }
  throw new Error(message);
}

/** The number of a field; null if it is empty. What is no number goes to the server as null, too. */
function number(id) {
  const field = at(id);
  if (!field.validity.valid) {
    throw new Error(document.querySelector(`label[for=${id}]`).textContent + ": " + field.validationMessage);
  }
  return field.value === "" ? null : Number(field.value);
}

/** The body of a request for a text. A seed may have more digits than a number of JavaScript holds. */
function request() {
  const body = { model: at("model").value, prompt: at("prompt").value, stream: true,
    stream_options: { include_usage: true } };
  for (const id of ["temperature", "top_k", "top_p", "max_tokens"]) {
    body[id] = number(id);
  }
  const seed = at("seed").value.trim();
  if (seed !== "" && !/^(0|[1-9][0-9]*)$/.test(seed)) {
    throw new Error(`the seed is "${seed}", but must be a whole number, or empty for a new one each time`);
  }
  const json = JSON.stringify(body);
  return seed === "" ? json : `${json.slice(0, -1)},"seed":${seed}}`;
}

/** Gives the data of each server-sent event to a function. */
async function events(answer, take) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    for (const part of parts) {
      take(part.replace(/^data: /, ""));
    }
  }
}

async function generate() {
  if (running) {
    return;
  }
  at("error").textContent = "";
  let body;
  try {
    body = request();
  } catch (wrong) {
    at("status").textContent = "";
    at("error").textContent = wrong.message;
    return;
  }
  const control = new AbortController();
  let seed = "";
  let tokens = null;
  let reason = "";
  let isWhole = false;
  begin(control);
  try {
    await events(await ask("v1/completions", body, control.signal), data => {
      if (data === "[DONE]") {
        isWhole = true;
        return;
      }
      const part = JSON.parse(data);
      if (part.error) {
        throw new Error(part.error.message);
      }
      seed = /"seed": ?([0-9]+)/.exec(data)?.[1] ?? seed; // before the choices, which are text
      tokens = part.usage ? part.usage.completion_tokens : tokens;
      for (const choice of part.choices) {
        generated.append(choice.text);
        reason = choice.finish_reason ?? reason;
      }
      at("status").textContent = "Generating, seed " + seed;
    });
    if (!isWhole) {
      throw new Error("the server ended in the middle of the text");
    }
    const why = reason === "stop" ? "the model ended it" : "it reached its greatest length";
    at("status").textContent = `Seed ${seed}, ${tokens} tokens; ${why}.`;
  } catch (failure) {
    const isStopped = failure.name === "AbortError";
    at("error").textContent = isStopped ? "" : failure.message;
    at("status").textContent = isStopped ? `Stopped${seed && ", seed " + seed}.` : "";
  } finally {
    control.abort(); // a failure of this page must not leave the server at work
    running = null;
    busy(false);
    look(0);
  }
}

function begin(control) {
  running = control;
  given.textContent = at("prompt").value;
  generated.textContent = "";
  at("status").textContent = "Generating …";
  busy(true);
}

function busy(isBusy) {
  if (isBusy && document.activeElement === at("generate")) {
    at("stop").disabled = false;
    at("stop").focus();
  } else if (!isBusy && document.activeElement === at("stop")) {
    at("generate").disabled = false;
    at("generate").focus();
  }
  at("generate").disabled = isBusy;
  at("stop").disabled = !isBusy;
  at("text").ariaBusy = isBusy;
}

const text = () => given.textContent + generated.textContent;

/** Shows what may follow the text, after a pause in milliseconds. */
function look(wait) {
  clearTimeout(pause);
  pause = setTimeout(async () => {
    asking?.abort();
    const control = new AbortController();
    asking = control;
    try {
      const prompt = text();
      const body = JSON.stringify({ model: at("model").value, prompt, top: MOST });
      const answer = await (await ask("v1/next", body, control.signal)).json();
      next = answer.data;
      nextOf = prompt;
      at("trouble").textContent = "";
      draw();
    } catch (failure) {
      if (failure.name !== "AbortError") {
        next = [];
        at("bars").replaceChildren();
        at("parts").hidden = true;
        at("trouble").textContent = failure.message;
      }
    }
  }, wait);
}

/**
 * The probabilities of the tokens that are left: logits divided by the temperature, the k highest and ties with the
 * k-th, their softmax, the fewest most likely ones that reach p, renormalized. At temperature 0, the first.
 */
function sampled(logprobs, temperature, topK, topP) {
  if (temperature === 0) {
    return logprobs.map((logprob, i) => i === 0 ? 1 : 0);
  }
  const least = logprobs[Math.min(topK, logprobs.length) - 1];
  const weights = logprobs.map(logprob => logprob < least ? 0 : Math.exp((logprob - logprobs[0]) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let reached = 0;
  const kept = weights.map((weight, i) => {
    const isKept = i === 0 || reached < topP;
    reached += weight / total;
    return isKept ? weight : 0;
  });
  const left = kept.reduce((sum, weight) => sum + weight, 0);
  return kept.map(weight => weight / left);
}

/** A text whose spaces, control and other invisible characters can be seen. */
function visible(token) {
  return [...token].map(c => {
    const code = c.codePointAt(0);
    if (code <= 0x20) {
      return String.fromCodePoint(code === 0x20 ? 0x2423 : 0x2400 + code);
    }
    const isUnseen = /[\p{C}\p{Z}\u115f\u1160\u3164\uffa0\ufe00-\ufe0f]/u.test(c);
    return isUnseen ? "U+" + code.toString(16).toUpperCase().padStart(4, "0") : /\p{M}/u.test(c) ? "\u25cc" + c : c;
  }).join("");
}

const percent = p => (100 * p).toFixed(1) + "\u202f%";

function element(name, className, content) {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = content;
  return made;
}

function row(name, own, left, kind) {
  const made = element(kind, "row", "");
  const label = element("bdi", "token", name);
  const bars = element("span", "", "");
  for (const [className, p] of [["own", own], ["left", left]]) {
    const bar = element("span", "bar " + className, "");
    bar.style.width = 100 * p + "%";
    bars.append(bar);
  }
  made.append(label, bars, element("span", "", percent(own)), element("span", "hidden", ", then "),
    element("span", "", percent(left)));
  return made;
}

function draw() {
  if (next.length === 0) {
    return;
  }
  let left;
  try {
    left = sampled(next.map(token => token.logprob), number("temperature") ?? 0.5, number("top_k") ?? Infinity,
      number("top_p") ?? 1);
  } catch (wrong) {
    at("trouble").textContent = wrong.message;
    return;
  }
  const focus = [...at("bars").querySelectorAll("button")].indexOf(document.activeElement);
  const rows = next.slice(0, SHOWN).map((token, i) => {
    const isPart = PART.test(token.text);
    const name = token.text === END ? "end" : isPart ? token.text.slice(6) : visible(token.text);
    const made = row(name, Math.exp(token.logprob), left[i], "button");
    made.type = "button";
    made.disabled = token.text === END || isPart;
    made.title = isPart ? "part of a character, and a prompt has whole ones" : token.text === END ? "the end of the text" : "";
    made.dataset.token = token.token;
    made.addEventListener("click", () => append(token.text));
    return made;
  });
  const count = (models.find(model => model.id === at("model").value)?.vocab_size ?? next.length) - rows.length;
  if (count > 0) {
    const sum = (all, part) => all.reduce((total, p, i) => total + (i < SHOWN ? part(p) : 0), 0);
    const others = [1 - sum(next, token => Math.exp(token.logprob)), 1 - sum(left, p => p)].map(p => Math.max(0, p));
    rows.push(row(count + " others", others[0], others[1], "div"));
  }
  at("bars").replaceChildren(...rows.map(made => {
    const item = document.createElement("li");
    item.append(made);
    return item;
  }));
  if (focus >= 0) {
    (at("bars").querySelectorAll("button")[focus] ?? at("prompt")).focus();
  }
  const isCut = next.length === MOST && count + rows.length > MOST;
  at("trouble").textContent = isCut ? `The second numbers are as if there were only the ${MOST} most likely tokens.` : "";
  at("parts").hidden = !next.slice(0, SHOWN).some(token => PART.test(token.text));
}

/** Makes the text and a token the prompt, unless the text has changed since the tokens were asked for. */
function append(token) {
  if (running || text() !== nextOf) {
    return;
  }
  at("prompt").value = text() + token;
  changed(0);
}

/** The prompt is the text now. */
function changed(wait) {
  if (running) {
    return;
  }
  given.textContent = at("prompt").value;
  generated.textContent = "";
  at("status").textContent = "";
  at("error").textContent = "";
  look(wait);
}

async function start() {
  at("error").textContent = "";
  try {
    models = (await (await ask("v1/models")).json()).data;
  } catch (failure) {
    at("error").textContent = failure.message;
    return;
  }
  at("access").hidden = true;
  at("model").replaceChildren(...models.map(model => new Option(model.id)));
  choose();
}

function choose() {
  const model = models.find(one => one.id === at("model").value);
  at("about").textContent = model === undefined ? "" : `${model.parameters.toLocaleString("en")} parameters, `
    + `${model.vocab_size.toLocaleString("en")} tokens, block size ${model.block_size}, trained on ${model.format}`;
  changed(0);
}

for (const range of document.querySelectorAll("[type=range]")) {
  const field = range.nextElementSibling;
  const isEmptyAtZero = field.placeholder !== "";
  range.addEventListener("input", () => {
    field.value = isEmptyAtZero && range.value === "0" ? "" : range.value;
    draw();
  });
  field.addEventListener("input", () => {
    range.value = field.value === "" ? field.defaultValue || 0 : field.value;
    draw();
  });
}
at("form").noValidate = true; // the page says itself what is wrong
at("form").addEventListener("submit", event => {
  event.preventDefault();
  generate();
});
at("prompt").addEventListener("input", () => changed(250));
at("model").addEventListener("change", choose);
at("enter").addEventListener("click", start);
at("key").addEventListener("keydown", event => {
  if (event.key === "Enter") {
    event.preventDefault();
    start();
  }
});
at("stop").addEventListener("click", () => running?.abort());
document.addEventListener("keydown", event => {
  if (event.key === "Escape") {
    running?.abort();
  } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    generate();
  }
});
start();
