"""Stands in for pigpiod, the pin daemon that gpiozero can talk to over TCP, and writes down what happens to the pins.

One JSON object a line on stdout: `time` (CLOCK_MONOTONIC, s), `pin` (BCM number), `level` (0 to 1; null when
the pin was made an input). Levels are kept when the client goes away, as a Pi's kernel may keep them.
The protocol: commands of four little-endian words (command, p1, p2, length or p3), answered by four (.., result).
"""

import enum
import json
import socketserver
import struct
import time


class Command(enum.IntEnum):
    """As pigpio's documentation of its socket interface numbers them."""

    MODES = 0
    MODEG = 1
    PUD = 2
    READ = 3
    WRITE = 4
    PWM = 5
    PRS = 6
    PFS = 7
    BR1 = 10
    TICK = 16
    HWVER = 17
    PRG = 22
    PFG = 23
    PIGPV = 26
    GDC = 83


PI_3B = 0xA02082
VERSION = 79
NOT_PWM = -92 & 0xFFFFFFFF

level: dict[int, int] = {}
mode: dict[int, int] = {}
duty: dict[int, int] = {}
duty_range: dict[int, int] = {}
frequency: dict[int, int] = {}


def note(pin, what):
    print(json.dumps({"time": time.monotonic(), "pin": pin, "level": what}), flush=True)


def answer(command, pin, value):
    """What pigpiod answers, an unsigned word."""
    match command:
        case Command.MODES:
            mode[pin] = value
            if value == 0:
                note(pin, None)
        case Command.MODEG:
            return mode.get(pin, 0)
        case Command.READ:
            return level.get(pin, 0)
        case Command.WRITE:
            level[pin] = value
            duty.pop(pin, None)
            note(pin, float(value))
        case Command.PWM:
            duty[pin] = value
            note(pin, value / duty_range.get(pin, 255))
        case Command.PRS:
            duty_range[pin] = value
            return value
        case Command.PFS:
            frequency[pin] = value
            return value
        case Command.BR1:
            return sum(1 << pin for pin, high in level.items() if high)
        case Command.TICK:
            return int(time.monotonic() * 1e6) & 0xFFFFFFFF
        case Command.HWVER:
            return PI_3B
        case Command.PRG:
            return duty_range.get(pin, 255)
        case Command.PFG:
            return frequency.get(pin, 800)
        case Command.PIGPV:
            return VERSION
        case Command.GDC:
            return duty.get(pin, NOT_PWM)
    return 0


class Client(socketserver.StreamRequestHandler):
    def handle(self):
        while len(words := self.rfile.read(16)) == 16:
            command, first, second, length = struct.unpack("<4I", words)
            if command not in set(Command):
                self.rfile.read(length)  # what the other commands carry is of no interest
            self.wfile.write(struct.pack("<4I", command, first, second, answer(command, first, second)))


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


if __name__ == "__main__":
    with Server(("127.0.0.1", 8888), Client) as server:
        server.serve_forever()
