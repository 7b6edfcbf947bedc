"""The platform's message encryption and its signatures.

sealed = base64(AES-256-CBC(key, iv = key[:16], PKCS#7 to 32 bytes of: 16 random bytes + length + message + appid))
signature = sha1(the parts, sorted and joined)
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import struct

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

from base.errors import BadInput, SetupError
from base.tenant import TENANT

_BLOCK_BITS = 256
_RANDOM_BYTES = 16
_LENGTH_BYTES = 4


class Forged(BadInput):
    """What came in was not sent by the platform, or not to us."""

    code = "wechat_forged"
    citizen_text = f"这条消息没有通过核验，请直接在公众号里再发一次，或拨打{TENANT.hotline}。"


def signature(*parts: str) -> str:
    """SHA-1 of the parts in dictionary order: token, timestamp, nonce, and the sealed message if there is one."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def check_signature(claimed: str, *parts: str) -> None:
    """Raises Forged unless `claimed` is the signature of the parts."""
    if not hmac.compare_digest(claimed.encode(), signature(*parts).encode()):
        raise Forged(code="wechat_signature")


class MessageCipher:
    """Opens and seals messages of one account. `encoding_key`: the 43 characters of EncodingAESKey."""

    def __init__(self, encoding_key: str, appid: str) -> None:
        try:
            key = base64.b64decode(f"{encoding_key}=", validate=True)
        except binascii.Error:
            key = b""
        if len(encoding_key) != 43 or len(key) != 32:
            raise SetupError("YIBAO_WECHAT_AES_KEY：EncodingAESKey 应为 43 个字母或数字")
        self._cipher = Cipher(AES(key), CBC(key[:16]))
        self._appid = appid.encode()

    def seal(self, message: str, random: bytes = b"") -> str:
        """`random`: 16 bytes, drawn anew unless a published example asks for its own."""
        plain = message.encode()
        whole = (random or os.urandom(_RANDOM_BYTES)) + struct.pack(">I", len(plain)) + plain + self._appid
        padder = PKCS7(_BLOCK_BITS).padder()
        encryptor = self._cipher.encryptor()
        sealed = encryptor.update(padder.update(whole) + padder.finalize()) + encryptor.finalize()
        return base64.b64encode(sealed).decode()

    def open(self, sealed: str) -> bytes:
        """The message inside. Raises Forged for whatever was not sealed for this account with this key."""
        whole = self._decrypt(sealed)
        start = _RANDOM_BYTES + _LENGTH_BYTES
        if len(whole) < start:
            raise Forged(code="wechat_sealed")
        (length,) = struct.unpack(">I", whole[_RANDOM_BYTES:start])
        message, appid = whole[start : start + length], whole[start + length :]
        if len(message) != length or not hmac.compare_digest(appid, self._appid):
            raise Forged(code="wechat_other_account")
        return message

    def _decrypt(self, sealed: str) -> bytes:
        try:
            data = base64.b64decode(sealed, validate=True)
            decryptor, unpadder = self._cipher.decryptor(), PKCS7(_BLOCK_BITS).unpadder()
            padded = decryptor.update(data) + decryptor.finalize()
            return unpadder.update(padded) + unpadder.finalize()
        except ValueError as error:  # binascii.Error is one, too
            raise Forged(code="wechat_sealed") from error
