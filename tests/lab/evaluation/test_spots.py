from lab.evaluation.spots import find


def test_a_spot_of_two_depths_is_none(sweep):
    import cv2

    pictures = [cv2.imread(str(sweep / f"{n}.png"), cv2.IMREAD_GRAYSCALE) for n in range(21)]
    assert find(pictures)
    # The same subject twice: what is sharp at step 10 and again at the end.
    assert find([*pictures, *pictures[:11]]) == []
