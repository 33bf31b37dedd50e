"""The name that programs of others have for `focuscam.messages.Frame`; nothing of ours imports it."""

from focuscam.messages import Frame as Frame
