"""The trained network to int8: batch norms folded, calibrated, uint8 in and out, any number of patches at once."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from lab.training.networks import SCALE
from lab.training.patches import SIDE

Weights = list[tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]]


def folded(model: keras.Model) -> Weights:
    """(kernel, bias) of each layer with its batch norm folded in, for luma less CENTRE."""
    names = [layer.name for layer in model.layers if layer.name.startswith("conv")] + ["dense"]
    result: Weights = []
    for name in names:
        kernel = model.get_layer(name).get_weights()[0]
        norm = model.get_layer("norm" + (name.removeprefix("conv") if name != "dense" else "_dense"))
        gamma, beta, mean, variance = norm.get_weights()
        factor = gamma / np.sqrt(variance + norm.epsilon)
        kernel, bias = kernel * factor, beta - mean * factor
        if not result:
            kernel = kernel / SCALE
        result.append((kernel.astype(np.float32), bias.astype(np.float32)))
    kernel, bias = model.get_layer("out").get_weights()
    result.append((kernel, bias))
    return result


def plain(weights: Weights, fold: int, padding: str) -> tf.types.experimental.PolymorphicFunction:
    """The network as one TensorFlow function: folded luma (n, 16, 16, 16) less CENTRE in, probabilities out."""
    *convolutions, dense, out = [(tf.constant(k), tf.constant(b)) for k, b in weights]

    def network(x: tf.Tensor) -> tf.Tensor:
        for kernel, bias in convolutions:
            x = tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(x, kernel, 1, padding.upper()), bias))
            x = tf.nn.max_pool2d(x, 2, 2, "VALID")
        # A fixed shape but for the batch: the runtimes resize it without shape arithmetic in the graph.
        x = tf.reshape(x, (-1, dense[0].shape[0]))
        x = tf.nn.relu(tf.matmul(x, dense[0]) + dense[1])
        return tf.sigmoid(tf.matmul(x, out[0]) + out[1])

    given = tf.TensorSpec((None, SIDE // fold, SIDE // fold, fold * fold), tf.float32, name="luma")
    return tf.function(network, input_signature=[given])


def to_int8(
    network: tf.types.experimental.PolymorphicFunction, calibration: npt.NDArray[np.uint8], centre: float = 0.0
) -> bytes:
    """The function as int8 TFLite, calibrated on uint8 examples, (n, height, width) or (n, height, width, channels).

    centre: what is taken off the grey levels before the function sees them: it is the zero of the input's scale, and
    what lies beyond the rim of a padded picture.
    """
    holder = tf.Module()
    holder.network = network
    converter = tf.lite.TFLiteConverter.from_concrete_functions([network.get_concrete_function()], holder)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    # Black and white are in the first example, so that the input's scale is exactly one grey level.
    calibration = calibration if calibration.ndim == 4 else calibration[..., None]
    ends = calibration[:1].copy()
    ends[0, 0, 0], ends[0, 0, 1] = 0, 255  # grey levels

    def examples() -> Iterator[list[npt.NDArray[np.float32]]]:
        for picture in np.concatenate([ends, calibration]):
            yield [picture[None].astype(np.float32) - np.float32(centre)]

    converter.representative_dataset = examples
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.uint8
    with _quiet():
        made: bytes = converter.convert()
        return made


@contextmanager
def _quiet() -> Iterator[None]:
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
