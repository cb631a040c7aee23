"""Ports that tests give to servers are nobody else's."""

import socket
import subprocess
import sys
from pathlib import Path

from tests.ports import free_port

ASKED = "from tests.ports import free_port\nprint([free_port() for _ in range(150)], flush=True)\n"


def test_processes_that_live_at_the_same_time_are_given_different_ports() -> None:
    """None of which the kernel gives to who asks it for any."""
    program = [sys.executable, "-c", f"{ASKED}input()"]
    started = [
        subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    given = [[free_port() for _ in range(150)]]
    try:
        for one in started:
            assert one.stdout is not None
            given.append([int(word) for word in one.stdout.readline().strip("[]\n").split(",")])
    finally:
        for one in started:
            one.communicate("\n", 30)
    ports = [port for row in given for port in row]
    assert len(set(ports)) == 600
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    assert max(ports) < lowest


def test_a_port_that_somebody_has_is_not_given() -> None:
    """Whoever took it, and also when all others had their turn."""
    with socket.socket() as taken:
        port = free_port()
        taken.bind(("127.0.0.1", port))
        assert port not in {free_port() for _ in range(400)}
    assert port in {free_port() for _ in range(200)}
