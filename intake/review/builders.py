"""Every form in which something may leave: importing this makes `outgoing` know them all."""

from intake.review import plan_output, proof_output

__all__ = ["plan_output", "proof_output"]
