"""Prints every scalar of a folder, as TensorBoard itself reads it: its tag, step and value."""

import sys

from tensorboard.backend.event_processing import plugin_event_accumulator
from tensorboard.util import tensor_util

accumulator = plugin_event_accumulator.EventAccumulator(sys.argv[1], tensor_size_guidance={"scalars": 0})
accumulator.Reload()
for tag in sorted(accumulator.Tags()["tensors"]):
    plugin = accumulator.SummaryMetadata(tag).plugin_data.plugin_name
    assert plugin == "scalars", plugin
    for event in accumulator.Tensors(tag):
        print(tag, event.step, repr(tensor_util.make_ndarray(event.tensor_proto).item()))
