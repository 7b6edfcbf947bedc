"""What a demo has in place of the world: a core system, the WeChat platform, people, staff. Only `service`
imports it, and nothing of it runs in production."""
