import pytest

from arobase.registry.registers import AlreadyRegistered, Register


def test_offers_come_back_in_the_order_of_registration():
    colours: Register[str] = Register("colours")

    colours.add("paper", "#faf7f0")
    colours.add("ink", "#1b1a17")

    assert list(colours) == ["#faf7f0", "#1b1a17"]


def test_a_name_taken_by_another_is_refused():
    colours: Register[str] = Register("colours")
    colours.add("ink", "#1b1a17")

    with pytest.raises(AlreadyRegistered, match="ink"):
        colours.add("ink", "#000000")
