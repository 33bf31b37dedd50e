import importlib.util
import subprocess
import sys

import numpy as np
import pytest

from focuscam.focus.measures import normalised
from lab.training import gathering, patches, scenes, series
from lab.training.photos import Losses, cells, find, read


@pytest.fixture(scope="module")
def picture():
    return scenes.invented(1, 1)


def test_the_seed_decides_every_pixel(picture):
    one, again, other = (patches.from_photo(picture, 3, 24, seed) for seed in (5, 5, 6))
    assert np.array_equal(one.luma, again.luma)
    assert np.array_equal(one.blur, again.blur)
    assert not np.array_equal(one.luma[:5], other.luma[:5])


def test_patches_are_what_the_light_would_see_and_labels_say_what_was_done(picture):
    made = patches.from_photo(picture, 3, 120, 1)
    assert made.luma.shape[1:] == (64, 64)
    assert made.luma.dtype == np.uint8
    assert len(made) > 60
    # Normalised once, they are hardly changed by being normalised again.
    spread = made.luma.std((1, 2))
    assert np.abs(normalised(made.luma).astype(int) - made.luma)[spread > 40].mean() < 4
    assert (made.blur >= 0).all()
    assert (made.blur < 1).any()
    assert (made.blur > 6).any()
    assert np.isnan(made.motion[made.blur < 1.0]).all(), "what is not blurred is blurred by nothing"
    assert {0.0, 1.0} <= set(made.motion[~np.isnan(made.motion)])
    assert (made.scene == 3).all()


def test_softness_tells_a_sharp_picture_from_a_blurred_one(picture):
    import cv2

    sharp = cells(picture, 64, 32)
    soft = cells(cv2.GaussianBlur(picture, (0, 0), 2.0), 64, 32)
    told = sharp[0] > np.median(sharp[0])
    # A Gaussian of sigma 2 adds a variance of 4.
    assert np.median(soft[1][told]) - np.median(sharp[1][told]) == pytest.approx(4, abs=1.5)


def test_nothing_is_learned_from_a_picture_that_is_soft_everywhere(picture):
    import cv2

    assert len(patches.from_photo(cv2.GaussianBlur(picture, (0, 0), 12.0), 0, 24, 1)) == 0


@pytest.mark.parametrize("number", range(len(scenes.KINDS)))
def test_each_kind_of_invented_picture_is_sharp_and_repeats(number):
    first = scenes.invented(number, 2)
    assert first.shape == (scenes.SIDE, scenes.SIDE)
    assert np.array_equal(first, scenes.invented(number, 2))
    detail, softness = cells(first, 64, 32)
    assert np.median(softness[detail >= np.quantile(detail, 0.8)]) < 1.0


def test_a_real_sweep_is_labelled_sharp_at_its_best_and_soft_at_its_ends(photos):
    made = series.from_series(photos / "sweeps" / "train" / "rpi_pcb", 0, 60, 1, Losses())
    assert len(made) > 40
    assert made.blur.min() < 2
    assert made.blur.max() > 6


def test_a_damaged_photo_is_named_and_the_others_are_used(tmp_path):
    import cv2

    cv2.imwrite(str(tmp_path / "good.png"), scenes.invented(1, 1).astype(np.uint8))
    (tmp_path / "bad.jpg").write_bytes(b"no picture")
    losses = Losses()
    work = gathering.jobs([tmp_path], [], [], 0, 12, 1, losses)
    made = gathering.gather(work, tmp_path / "work", 1, losses)
    assert len(made)
    assert "bad.jpg" in losses.summary()
    again = Losses()
    kept = gathering.gather(work, tmp_path / "work", 1, again)
    assert np.array_equal(kept.luma, made.luma), "the second time it comes from the cache"
    assert again.summary() == losses.summary(), "and still says what was lost"


def test_a_folder_that_is_absent_or_empty_is_refused_by_name(tmp_path):
    with pytest.raises(ValueError, match="nowhere does not exist"):
        gathering.jobs([tmp_path / "nowhere"], [], [], 0, 12, 1, Losses())
    with pytest.raises(ValueError, match="holds no pictures"):
        gathering.jobs([tmp_path], [], [], 0, 12, 1, Losses())


def test_a_sweep_without_its_table_is_named(tmp_path):
    (tmp_path / "sweeps" / "one").mkdir(parents=True)
    (tmp_path / "sweeps" / "one" / "0.png").write_bytes(b"")
    losses = Losses()
    with pytest.raises(ValueError, match="one folder of pictures for each"):
        gathering.jobs([], [tmp_path / "sweeps"], [], 0, 12, 1, losses)
    assert "sweep.csv" in losses.summary()


def test_photos_are_read_upright_and_never_half(tmp_path):
    from PIL import Image

    Image.fromarray(np.zeros((20, 40), np.uint8)).save(tmp_path / "a.jpg")
    assert read(tmp_path / "a.jpg").shape == (20, 40)
    cut = (tmp_path / "a.jpg").read_bytes()[:-80]
    (tmp_path / "b.jpg").write_bytes(cut)
    with pytest.raises(ValueError, match=r"b\.jpg cannot be read"):
        read(tmp_path / "b.jpg")
    assert [p.name for p in find([tmp_path])] == ["a.jpg", "b.jpg"]


def test_what_is_turned_has_its_axes_turned_with_it():
    code = (
        "import numpy as np\nfrom lab.training import networks, optics, patches\nfrom lab.training.live import RADII\n"
        "psf = optics.shake(12, np.random.default_rng(0))\n"
        "def wanted(psf):\n"
        "    one = patches.Patches(np.zeros((1, 64, 64), np.uint8), np.array([optics.covariance(psf)], np.float32),\n"
        "                          np.ones(1, np.float32), np.zeros(1, np.int32))\n"
        "    return networks.targets(one, list(RADII), 6.0)\n"
        "for turn in range(8):\n"
        "    q = psf[::-1] if turn & 1 else psf\n"
        "    q = q[:, ::-1] if turn & 2 else q\n"
        "    q = q.T if turn & 4 else q\n"
        "    assert np.allclose(wanted(q), networks.turned(wanted(psf), turn), atol=1e-5), turn\n"
    )
    # In a process of its own: Keras brings TensorFlow, which the runtimes do not bear in theirs.
    if importlib.util.find_spec("keras") is None:
        pytest.skip("Keras is not installed here: pip install '.[train]' brings it")
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
