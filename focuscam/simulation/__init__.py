"""A scene, a lens and a hand made of arithmetic: what `--source sim`, the trials and the tests share."""
