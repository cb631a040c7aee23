"""Whether a bundle is whole: the seven checks of protocol 5.5, before anything is decrypted.

It needs no key and no network, opens no testimony, and writes nothing.
"""

from intake.completeness.checking import examine
from intake.completeness.faults import Finding, Findings, Gap
from intake.completeness.known import Checked, Known, Week, policy_of
from intake.completeness.proofs import LogProofs

__all__ = [
    "Checked",
    "Finding",
    "Findings",
    "Gap",
    "Known",
    "LogProofs",
    "Week",
    "examine",
    "policy_of",
]
