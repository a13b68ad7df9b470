"""Writes what transformers.js loads, as its users make it: python export_onnx.py MODEL OUT

OUT/onnx/{encoder_model,decoder_model_merged}.onnx in float32 and ..._quantized.onnx for dtype "q8": dynamic int8 with
the settings of transformers.js' own script (weights int8 per tensor, subgraphs included).
"""
import os
import shutil
import sys

import onnx
from onnxruntime.quantization import QuantType, quantize_dynamic
from optimum.exporters.onnx import main_export

model, out = sys.argv[1:]
raw, target = os.path.join(out, "raw"), os.path.join(out, "onnx")
os.makedirs(target, exist_ok=True)
main_export(model, output=raw, task="text2text-generation-with-past", local_files_only=True)


def count(graph, operator):
    """Subgraphs are searched too: the merged decoder keeps its two forms in the branches of an If."""
    inner = [a.g for n in graph.node for a in n.attribute if a.type == onnx.AttributeProto.GRAPH]
    return sum(n.op_type == operator for n in graph.node) + sum(count(g, operator) for g in inner)


for name in ("encoder_model", "decoder_model_merged"):
    source, quantized = os.path.join(target, f"{name}.onnx"), os.path.join(target, f"{name}_quantized.onnx")
    shutil.move(os.path.join(raw, f"{name}.onnx"), source)
    options = {"EnableSubgraph": True, "MatMulConstBOnly": True}
    quantize_dynamic(source, quantized, weight_type=QuantType.QInt8, extra_options=options)
    graph = onnx.load(quantized).graph
    print(name, "MatMulInteger:", count(graph, "MatMulInteger"), "float MatMul left:", count(graph, "MatMul"))
shutil.rmtree(raw)
for name in ("config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json"):
    shutil.copy(os.path.join(model, name), out)
