"""A checkpoint through CTranslate2, on a CPU or a GPU: what has to translate much (`synthesize.py`), and a second opinion on
the scores of the program."""

import re
import tempfile
from pathlib import Path

from tokenizers import Tokenizer

from data import EOS, MAX_PIECES


class CTranslate2:
    """A MarianMTModel folder (fp32, fp16) converted to CTranslate2 int8."""

    def __init__(self, options):
        import ctranslate2

        self.tokenizer = Tokenizer.from_file(str(Path(options.model) / "tokenizer.json"))
        self.beam, self.compute = options.beam, options.compute
        with tempfile.TemporaryDirectory() as folder:
            converted = Path(folder) / "model"
            converted.mkdir()
            self.specification(Path(options.model)).save(str(converted))
            self.translator = ctranslate2.Translator(
                str(converted), device=options.device, compute_type=options.compute, intra_threads=1,
                inter_threads=options.threads,
            )

    def specification(self, folder):
        """CTranslate2's own loader of Marian models drops the last row of the vocabulary, as if it were <pad>, and
        starts from a zero embedding; here <pad> is row 0 and its embedding starts the decoder. Its BART loader reads
        the same layers and does neither."""
        from ctranslate2.converters.transformers import BartLoader
        from transformers import MarianMTModel

        model = MarianMTModel.from_pretrained(folder, dtype="float32")
        specification = BartLoader().get_model_spec(model)
        vocabulary = self.tokenizer.get_vocab()
        tokens = sorted(vocabulary, key=vocabulary.get)
        specification.register_source_vocabulary(tokens)
        specification.register_target_vocabulary(tokens)
        config = specification.config
        config.bos_token = config.decoder_start_token = "<pad>"
        config.eos_token, config.unk_token = "</s>", "<unk>"
        specification.validate()
        specification.optimize(quantization=self.compute if self.compute != "float32" else None)
        return specification

    def __call__(self, lines):
        """Lines with their tag -> output lines."""
        rows = []
        for line in lines:
            ids = self.tokenizer.encode(line, add_special_tokens=False).ids[: MAX_PIECES - 1] + [EOS]
            rows.append([self.tokenizer.id_to_token(token) for token in ids])
        results = self.translator.translate_batch(
            rows, beam_size=self.beam, max_batch_size=1024, batch_type="tokens", max_decoding_length=MAX_PIECES,
            suppress_sequences=[["<pad>"]],
        )
        answers = []
        for result in results:
            ids = [self.tokenizer.token_to_id(token) for token in result.hypotheses[0]]
            text = self.tokenizer.decode([token for token in ids if token != EOS], skip_special_tokens=False)
            answers.append(re.sub(r"\s*<nl>\s*", " ", text))
        return answers
