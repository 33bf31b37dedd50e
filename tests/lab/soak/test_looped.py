from lab.soak.looped import FPS, Looped


def test_a_live_camera_shows_the_same_frames_again_under_new_numbers():
    camera = Looped(0.2)
    with camera:
        shown = [camera.newest() for _ in range(round(0.2 * FPS) + 2)]
    numbers = [frame.number for frame in shown]
    assert numbers == sorted(set(numbers))
    assert numbers[-1] > round(0.2 * FPS)
    assert len({id(frame.fine) for frame in shown}) <= round(0.2 * FPS)
    assert all(frame.time == frame.number / FPS for frame in shown)
