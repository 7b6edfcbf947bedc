"""Personal data at rest: encrypted, and found again by a keyed hash. Shown and spoken only masked."""

from __future__ import annotations

import base64
import hmac
import os
import re
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from base.errors import SetupError

_NONCE_BYTES = 12
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"0(?!1[3-9][0-9]{9}$)[0-9]{2,3}[0-9]{7,8}|[0-9]{7,8}")
"""With 0 before it, a mobile number is still one (`language.phone_numbers`)."""


class Vault:
    """Encrypts (AES-256-GCM) and hashes (HMAC-SHA-256) with two keys derived from the one data key.

    `hex_key`: 32 bytes as 64 hexadecimal digits. Raises SetupError for anything else.
    """

    def __init__(self, hex_key: str) -> None:
        try:
            key = bytes.fromhex(hex_key)
        except ValueError:
            key = b""
        if len(key) != 32:
            raise SetupError("YIBAO_DATA_KEY 要是 64 位十六进制数（openssl rand -hex 32 的输出），现在的不是。")
        self._cipher = AESGCM(_derive(key, b"encryption"))
        self._hash_key = _derive(key, b"lookup")
        self._text_cipher, self._text_key = AESGCM(_derive(key, b"text")), _derive(key, b"text nonce")

    def encrypt(self, plain: str) -> bytes:
        """Returns a random nonce + ciphertext + tag."""
        return self.encrypt_bytes(plain.encode())

    def decrypt(self, sealed: bytes) -> str:
        """Raises ValueError when it was not sealed with this key."""
        return self.decrypt_bytes(sealed).decode()

    def encrypt_bytes(self, plain: bytes) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, None)

    def decrypt_bytes(self, sealed: bytes) -> bytes:
        """Raises ValueError when it was not sealed with this key."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
        except InvalidTag as error:
            raise ValueError("not sealed with this key") from error

    def seal_text(self, plain: str) -> str:
        """Encrypted as text, equal for equal texts: the nonce is a keyed hash of what is sealed, so it never serves two
        texts. For what the database itself must compare."""
        data = plain.encode()
        nonce = hmac.new(self._text_key, data, sha256).digest()[:_NONCE_BYTES]
        return base64.b64encode(nonce + self._text_cipher.encrypt(nonce, data, None)).decode()

    def open_text(self, sealed: str) -> str:
        """Raises ValueError when it was not sealed with this key."""
        data = base64.b64decode(sealed)
        try:
            return self._text_cipher.decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], None).decode()
        except InvalidTag as error:
            raise ValueError("not sealed with this key") from error

    def lookup(self, plain: str) -> str:
        """The keyed hash by which an encrypted value is found; 64 hexadecimal digits."""
        return hmac.new(self._hash_key, plain.encode(), sha256).hexdigest()


def mask_phone(phone: str) -> str:
    """19900000003 → 199****0003; shorter numbers keep their last two digits."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) == 11 else "****" + phone[-2:]


def is_phone(text: str) -> bool:
    """A mainland mobile number (11 digits) or a landline with or without area code; digits only."""
    return bool(_MOBILE.fullmatch(text) or _LANDLINE.fullmatch(text))


def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"yibao " + purpose).derive(key)
