"""OpenAI's client with two servers of a model of names and one of text; OpenAiClientIT starts them and this.

usage: openai_client.py URL SMALL_URL KEY NAMES TEXT

SMALL_URL is a server with an API key that generates one text at a time and lets none wait. NAMES are the first three
texts of seed 7 after "ka", and TEXT is the first after "the ", as the library has them.
"""

import math
import sys
import unittest

import openai

URL, SMALL_URL, KEY, NAMES, TEXT = sys.argv[1:]
NAMES = NAMES.split(",")
SEED = 7

client = openai.OpenAI(base_url=URL, api_key="none", max_retries=0)


def create(**fields):
    return client.completions.create(**{"model": "names", "prompt": "ka", "seed": SEED, **fields})


class Completions(unittest.TestCase):
    def test_a_text_of_a_seed_is_the_librarys(self):
        done = create()
        self.assertEqual(done.choices[0].text, NAMES[0])
        self.assertEqual(done.choices[0].finish_reason, "stop")
        self.assertEqual((done.object, done.model, done.choices[0].index), ("text_completion", "names", 0))
        self.assertEqual(done.seed, SEED)
        self.assertRegex(done.system_fingerprint, "^[0-9a-f]{64}$")
        self.assertTrue(done.id.startswith("cmpl-"))
        self.assertEqual(create(model="text", prompt="the ").choices[0].text, TEXT)

    def test_n_texts_of_a_seed_are_the_librarys(self):
        done = create(n=3)
        self.assertEqual([choice.text for choice in done.choices], NAMES)
        self.assertEqual([choice.index for choice in done.choices], [0, 1, 2])

    def test_without_a_seed_the_response_names_it(self):
        done = create(seed=openai.omit, n=3)
        again = create(seed=done.seed, n=3)
        self.assertEqual([c.text for c in again.choices], [c.text for c in done.choices])
        self.assertNotEqual(done.id, again.id)

    def test_usage(self):
        usage = create().usage
        self.assertEqual(usage.prompt_tokens, 3)  # the beginning of a document, k, a
        self.assertEqual(usage.completion_tokens, len(NAMES[0]))
        self.assertEqual(usage.total_tokens, 3 + len(NAMES[0]))

    def test_stop(self):
        stop = TEXT[20:23]
        done = create(model="text", prompt="the ", stop=[stop, "\0never"])
        self.assertEqual(done.choices[0].text, TEXT[: TEXT.index(stop)])
        self.assertEqual(done.choices[0].finish_reason, "stop")

    def test_length(self):
        done = create(model="text", prompt="the ", max_tokens=5)
        self.assertEqual(done.choices[0].text, TEXT[:5])
        self.assertEqual(done.choices[0].finish_reason, "length")

    def test_sampling(self):
        greedy = create(temperature=0).choices[0].text
        self.assertEqual(create(temperature=2, extra_body={"top_k": 1}).choices[0].text, greedy)
        self.assertEqual(create(temperature=2, top_p=0.0001).choices[0].text, greedy)

    def test_prompts(self):
        done = create(prompt=["ka", "", "ka"], n=2)
        self.assertEqual([choice.index for choice in done.choices], list(range(6)))
        texts = [choice.text for choice in done.choices]
        self.assertEqual(texts[0:2], NAMES[0:2])
        self.assertEqual(texts[4:6], NAMES[0:2])
        self.assertEqual(texts[2:4], [choice.text for choice in create(prompt="", n=2).choices])

    def test_prompts_of_tokens(self):
        self.assertEqual(create(prompt=[10, 0]).choices[0].text, NAMES[0])
        self.assertEqual([choice.text for choice in create(prompt=[[10, 0], [10, 0]]).choices], [NAMES[0]] * 2)

    def test_echo(self):
        self.assertEqual(create(echo=True).choices[0].text, "ka" + NAMES[0])

    def test_neutral_fields(self):
        done = create(
            best_of=1, presence_penalty=0, frequency_penalty=0, logit_bias={}, suffix="", user="me", stream=False
        )
        self.assertEqual(done.choices[0].text, NAMES[0])


class Logprobs(unittest.TestCase):
    def test_every_token_has_one(self):
        choice = create(logprobs=3).choices[0]
        found = choice.logprobs
        self.assertEqual("".join(found.tokens), choice.text)
        self.assertEqual(found.text_offset, list(range(len(choice.text))))
        for token, logprob, top in zip(found.tokens, found.token_logprobs, found.top_logprobs, strict=True):
            self.assertLess(logprob, 0)
            self.assertEqual(len(top), 3)
            self.assertEqual(list(top.values()), sorted(top.values(), reverse=True))
            if token in top:
                self.assertEqual(top[token], logprob)

    def test_a_distribution_adds_up_to_one(self):
        first = create(logprobs=100).choices[0].logprobs.top_logprobs[0]
        self.assertEqual(len(first), 27)
        self.assertIn("<BOS>", first)
        self.assertAlmostEqual(sum(math.exp(value) for value in first.values()), 1, places=5)

    def test_of_a_prompt(self):
        found = create(echo=True, logprobs=0, max_tokens=0).choices[0]
        self.assertEqual(found.text, "ka")
        self.assertEqual(found.logprobs.tokens, ["k", "a"])
        self.assertEqual(found.logprobs.top_logprobs, [])
        self.assertEqual(len(found.logprobs.token_logprobs), 2)


class Streams(unittest.TestCase):
    def test_the_pieces_add_up(self):
        texts, reasons = ["", "", ""], {}
        for chunk in create(n=3, stream=True):
            (choice,) = chunk.choices
            texts[choice.index] += choice.text
            if choice.finish_reason:
                reasons[choice.index] = choice.finish_reason
        self.assertEqual(texts, NAMES)
        self.assertEqual(reasons, {i: create(n=3).choices[i].finish_reason for i in range(3)})

    def test_usage(self):
        chunks = list(create(stream=True, stream_options={"include_usage": True}))
        self.assertEqual(chunks[-1].choices, [])
        self.assertEqual(chunks[-1].usage, create().usage)
        self.assertTrue(all(chunk.usage is None for chunk in chunks[:-1]))
        self.assertEqual({chunk.id for chunk in chunks}, {chunks[0].id})
        self.assertEqual("".join(chunk.choices[0].text for chunk in chunks[:-1]), NAMES[0])

    def test_logprobs(self):
        whole = create(logprobs=2).choices[0].logprobs
        tokens, values, offsets = [], [], []
        for chunk in create(logprobs=2, stream=True):
            found = chunk.choices[0].logprobs
            if found:
                tokens += found.tokens
                values += found.token_logprobs
                offsets += found.text_offset
        self.assertEqual((tokens, values, offsets), (whole.tokens, whole.token_logprobs, whole.text_offset))


class Models(unittest.TestCase):
    def test_list(self):
        self.assertEqual([model.id for model in client.models.list()], ["names", "text"])

    def test_retrieve(self):
        model = client.models.retrieve("names")
        self.assertEqual((model.id, model.object, model.owned_by), ("names", "model", "microgpt"))
        self.assertEqual((model.vocab_size, model.parameters), (27, 4192))


class Errors(unittest.TestCase):
    def refused(self, error, call, param=None, code=None):
        with self.assertRaises(error) as caught:
            call()
        self.assertEqual((caught.exception.param, caught.exception.code), (param, code))
        return caught.exception.body["message"]

    def test_bad_fields(self):
        message = self.refused(openai.BadRequestError, lambda: create(temperature=-1), "temperature")
        self.assertIn("-1", message)
        self.refused(openai.BadRequestError, lambda: create(n=129), "n")
        self.refused(openai.BadRequestError, lambda: create(presence_penalty=0.5), "presence_penalty")
        self.refused(openai.BadRequestError, lambda: create(extra_body={"tempreature": 1}), "tempreature")

    def test_bad_prompts(self):
        self.assertIn("K", self.refused(openai.BadRequestError, lambda: create(prompt="KA"), "prompt"))
        self.refused(openai.BadRequestError, lambda: create(prompt="a" * 99), "prompt", "context_length_exceeded")

    def test_models(self):
        message = self.refused(openai.NotFoundError, lambda: create(model="nanes"), "model", "model_not_found")
        self.assertIn('"names", "text"', message)
        self.refused(openai.NotFoundError, lambda: client.models.retrieve("nanes"), "model", "model_not_found")

    def test_what_these_models_cannot_do(self):
        chat = [{"role": "user", "content": "Who are you?"}]
        for call in (
            lambda: client.chat.completions.create(model="names", messages=chat),
            lambda: client.embeddings.create(model="names", input="ka"),
            lambda: client.responses.create(model="names", input="ka"),
        ):
            message = self.refused(openai.BadRequestError, call, code="unsupported_endpoint")
            self.assertIn("use /v1/completions", message)


class SmallServer(unittest.TestCase):
    small = openai.OpenAI(base_url=SMALL_URL, api_key=KEY, max_retries=0)

    def test_keys(self):
        stranger = openai.OpenAI(base_url=SMALL_URL, api_key="another", max_retries=0)
        with self.assertRaises(openai.AuthenticationError) as caught:
            stranger.completions.create(model="names", prompt="ka")
        self.assertEqual(caught.exception.type, "authentication_error")
        with self.assertRaises(openai.AuthenticationError):
            stranger.models.list()
        done = self.small.completions.create(model="names", prompt="ka", seed=SEED)
        self.assertEqual(done.choices[0].text, NAMES[0])

    def test_more_than_it_can_do(self):
        # more than the buffers between the two take, so that the server waits for its reader
        endless = self.small.completions.create(
            model="text", prompt="the ", temperature=0, n=128, max_tokens=4096, stream=True
        )
        next(iter(endless))
        with self.assertRaises(openai.RateLimitError) as caught:
            self.small.completions.create(model="names", prompt="ka")
        self.assertEqual(caught.exception.type, "rate_limit_error")
        self.assertEqual(caught.exception.response.headers["Retry-After"], "1")
        endless.close()
        patient = self.small.with_options(max_retries=9)  # until the server notices that the reader is gone
        done = patient.completions.create(model="names", prompt="ka", seed=SEED)
        self.assertEqual(done.choices[0].text, NAMES[0])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
