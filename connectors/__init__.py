"""The ways in: phone, web. Each speaks one wire format and hands text or a line to the assistant."""
