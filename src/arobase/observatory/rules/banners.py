"""What a mail exchanger says of itself before any mail."""

from dataclasses import dataclass
from datetime import datetime

from arobase.observatory.rules.visits import Ending, Secured


@dataclass(frozen=True)
class Banner:
    """One host, greeted on one day.

    host          as MX records name it
    address       IP address that answered; empty where none did
    greeting      its first line, without the code (RFC 5321, section 4.2)
    capabilities  what it says to EHLO, one a line, in capitals
    secured       after STARTTLS (RFC 3207); None where that is not offered or came to nothing. A certificate that
                  nobody vouches for is usual between mail hosts: its `problem` says so, the ending stays ANSWERED
    """

    host: str
    greeted_at: datetime
    ending: Ending
    address: str = ""
    greeting: str = ""
    capabilities: tuple[str, ...] = ()
    secured: Secured | None = None
