"""The trained network to int8: batch norms folded, calibrated, uint8 in and out, any number of patches at once."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import contextmanager

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from training.networks import CENTRE, SCALE
from training.patches import SIDE

Weights = list[tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]]


def folded(model: keras.Model) -> Weights:
    """(kernel, bias) of each layer with its batch norm folded in, for luma 0 to 255."""
    names = [layer.name for layer in model.layers if layer.name.startswith("conv")] + ["dense"]
    result: Weights = []
    for name in names:
        kernel = model.get_layer(name).get_weights()[0]
        norm = model.get_layer("norm" + (name.removeprefix("conv") if name != "dense" else "_dense"))
        gamma, beta, mean, variance = norm.get_weights()
        factor = gamma / np.sqrt(variance + norm.epsilon)
        kernel, bias = kernel * factor, beta - mean * factor
        if not result:
            # (luma - CENTRE) / SCALE moves into the first kernel; no padding, so this is exact.
            kernel = kernel / SCALE
            bias = bias - CENTRE * kernel.sum((0, 1, 2))
        result.append((kernel.astype(np.float32), bias.astype(np.float32)))
    result.append(tuple(model.get_layer("out").get_weights()))
    return result


def plain(weights: Weights):
    """The folded network as one TensorFlow function: luma (n, 64, 64, 1) float 0 to 255 in, probabilities out."""
    *convolutions, dense, out = [(tf.constant(k), tf.constant(b)) for k, b in weights]

    @tf.function(input_signature=[tf.TensorSpec((None, SIDE, SIDE, 1), tf.float32, name="luma")])
    def network(x):
        for kernel, bias in convolutions:
            x = tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(x, kernel, 1, "VALID"), bias))
            x = tf.nn.max_pool2d(x, 2, 2, "VALID")
        # A fixed shape but for the batch: the runtimes resize it without shape arithmetic in the graph.
        x = tf.reshape(x, (-1, dense[0].shape[0]))
        x = tf.nn.relu(tf.matmul(x, dense[0]) + dense[1])
        return tf.sigmoid(tf.matmul(x, out[0]) + out[1])

    return network


def to_int8(network, calibration: npt.NDArray[np.uint8]) -> bytes:
    """The function as int8 TFLite, calibrated on uint8 examples, (n, height, width) or (n, height, width, channels)."""
    holder = tf.Module()
    holder.network = network
    converter = tf.lite.TFLiteConverter.from_concrete_functions([network.get_concrete_function()], holder)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    # Black and white are in the first example, so that the input's scale is exactly one grey level.
    calibration = calibration if calibration.ndim == 4 else calibration[..., None]
    ends = calibration[:1].copy()
    ends[0, 0, 0], ends[0, 0, 1] = 0, 255

    def examples():
        for picture in np.concatenate([ends, calibration]):
            yield [picture[None].astype(np.float32)]

    converter.representative_dataset = examples
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.uint8
    with _quiet():
        return converter.convert()


@contextmanager
def _quiet():
    """The converter's C++ chatter goes to a file that is shown only where it fails."""
    sys.stderr.flush()
    saved = os.dup(2)
    with tempfile.TemporaryFile() as log:
        os.dup2(log.fileno(), 2)
        try:
            yield
        except BaseException:
            log.seek(0)
            os.write(saved, log.read())
            raise
        finally:
            os.dup2(saved, 2)
            os.close(saved)
