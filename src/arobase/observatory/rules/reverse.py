"""The name under which an address tells its own."""

from ipaddress import ip_address


def reverse_name(address: str) -> str:
    """The name to ask for PTR (RFC 1035, section 3.5; RFC 3596, section 2.5); empty for what is no address.

    >>> reverse_name("192.0.2.1"), reverse_name("néant")
    ('1.2.0.192.in-addr.arpa', '')
    """
    try:
        return ip_address(address).reverse_pointer
    except ValueError:
        return ""
