"""The name that programs of others have for a Frame."""


def test_a_frame_is_found_under_the_name_that_others_use():
    from focuscam import messages
    from focuscam.frame import Frame

    assert Frame is messages.Frame
