"""WeChat's wire: callback, encryption, token, menu, its errors by kind."""
