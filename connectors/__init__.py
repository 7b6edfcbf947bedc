"""The ways in and out: phone, web, WeChat, the staff's console. Each speaks one wire; none decides what is said."""
