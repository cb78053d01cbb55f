"""The ONNX graph, its precisions, its manifest, and a runtime to check it with."""
