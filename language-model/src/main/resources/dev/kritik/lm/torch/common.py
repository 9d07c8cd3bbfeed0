
  # ---- What a decoder that writes and one that is trained have in common -----------------------------------------------

  # Maps a file privately, as elements of one type: its pages are read when they are used, and shared with other processes.
  def open_file(self: __torch__.Decoder, path: str, elements: int, stored: int) -> int:
    self.files.append(torch.from_file(path, False, elements, dtype=stored))
    return len(self.files) - 1

  # As transformers computes them, in float32.
  def inverse_frequencies(self: __torch__.Decoder) -> Tensor:
    d = self.head_dim
    steps = torch.arange(0, d, 2, dtype=4, device=torch.device("cpu"))
    inverse = torch.reciprocal(torch.pow(self.rope_theta, torch.div(torch.to(steps, 6), d)))
    if self.rope_kind == 1:
      inverse = torch.div(inverse, self.rope_factor)
    if self.rope_kind == 2:
      wavelength = torch.mul(torch.reciprocal(inverse), 2 * 3.141592653589793)
      low = float(self.rope_original) / self.rope_low
      high = float(self.rope_original) / self.rope_high
      slow = torch.div(inverse, self.rope_factor)
      smooth = torch.div(torch.sub(torch.mul(torch.reciprocal(wavelength), float(self.rope_original)), self.rope_low), self.rope_high - self.rope_low)
      between = torch.add(torch.mul(torch.sub(torch.ones_like(smooth), smooth), slow), torch.mul(smooth, inverse))
      inverse = torch.where(torch.gt(wavelength, low), slow, torch.where(torch.lt(wavelength, high), inverse, between))
    return torch.cat([inverse, inverse], 0)
