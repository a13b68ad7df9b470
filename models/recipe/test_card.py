import json
from pathlib import Path

from safetensors.numpy import load_file

import quantize

MODEL = Path(__file__).parent.parent / "default"


def test_the_committed_card_is_what_the_recipe_writes(tmp_path):
    """A change to the card belongs into model_card.md or results.md as well, or the next build loses it."""
    config = json.loads((MODEL / "config.json").read_text())
    (tmp_path / "model.safetensors").symlink_to((MODEL / "model.safetensors").resolve())
    weights = load_file(MODEL / "model.safetensors")
    count = sum(value.size for key, value in weights.items() if key.startswith("model.") and not key.endswith("_scale"))
    quantize.write_card(tmp_path, config, config["headlight"]["name"], count)
    assert (tmp_path / "MODEL_CARD.md").read_text(encoding="utf-8") == (MODEL / "MODEL_CARD.md").read_text(encoding="utf-8")
