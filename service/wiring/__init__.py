"""Each part made once and handed to the parts that need it; `service.app` puts them together."""
