"""The official account (公众号): `platform/` is its wire, `inbound/` what citizens send, `outbound/` what is owed to
them within the platform's rules, `followers/` who they are.
"""
