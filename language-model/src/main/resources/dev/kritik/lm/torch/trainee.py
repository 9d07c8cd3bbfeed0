# SPDX-License-Identifier: Apache-2.0
# The decoder in training, as TorchScript (see decoder.py for the dialect): forward, backward by autograd, and AdamW, so that
# only tokens and statistics cross over to Java.
#
# Words used here
#   weight   a tensor that is trained. Projections of one input are one weight, one under the other: q, k and v; gate and up
#   slot     where a weight stands: embedding, final norm, head (empty when tied), then 14 of each layer, empty where the
#            family has none
#   written  a token that the model wrote; losses are computed at the positions before those alone
#   kind     the type that layers multiply matrices in; sums over the residual stream, norms and losses are float32
#   fine     the type of attention and head: float32 on a CPU, where attention in bfloat16 is slow and a head costs little
#
# One thread owns a module. Gradients are those of the tensors: autograd adds to them, `step` and `zero` empty them.
#
# DJL calls methods with arguments in inference mode, whose tensors autograd can't use, and out of it only with tensors.
# What makes weights or gradients therefore has no arguments: they are left in `ints` and `reals` first.
class Decoder(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  layers : int
  heads : int
  kv_heads : int
  head_dim : int
  eps : float
  scale : float
  attention_cap : float
  final_cap : float
  gelu : bool
  qk_norm : bool
  norm_plus_one : bool
  sandwich_norms : bool
  embedding_scale : float
  window : int
  windowed : List[bool]
  rope_theta : float
  rope_kind : int
  rope_factor : float
  rope_low : float
  rope_high : float
  rope_original : int
  kind : int
  fine : int
  steps : int
  ints : Dict[str, List[int]]
  reals : Dict[str, List[float]]
  differentiated : bool
  files : List[Tensor]
  raw : List[Tensor]
  slots : List[Tensor]
  trained : List[Tensor]
  means : List[Tensor]
  squares : List[Tensor]
  decays : List[bool]
  frequencies : List[Tensor]

  # ---- Arguments -------------------------------------------------------------------------------------------------------

  def put_ints(self: __torch__.Decoder, name: str, values: List[int]) -> None:
    self.ints[name] = values

  def put_reals(self: __torch__.Decoder, name: str, values: List[float]) -> None:
    self.reals[name] = values

  def number(self: __torch__.Decoder, name: str) -> float:
    return self.reals[name][0]

  # What such a method gives when there is nothing to say.
  def done(self: __torch__.Decoder) -> Tensor:
    return torch.zeros([1], dtype=7)

  # ---- Weights ---------------------------------------------------------------------------------------------------------

  # First of all: an empty list that came with the archive is one of anything, which operators refuse.
  def begin_loading(self: __torch__.Decoder) -> Tensor:
    self.raw = annotate(List[Tensor], [])
    return self.done()

  # Adds a part of the next weight; offset and length in elements of the file.
  def add(self: __torch__.Decoder, file: int, offset: int, length: int, shape: List[int], device: str) -> None:
    part = torch.reshape(torch.narrow(self.files[file], 0, offset, length), shape)
    self.raw.append(torch.to(part, torch.device(device), 6))

  def add_values(self: __torch__.Decoder, values: Tensor, shape: List[int], device: str) -> None:
    self.raw.append(torch.to(torch.reshape(values, shape), torch.device(device), 6))

  # Makes a weight of the parts that were added; of none, an empty slot.
  def finish_weight(self: __torch__.Decoder) -> Tensor:
    if len(self.raw) == 0:
      self.slots.append(torch.empty([0]))
    else:
      weight = torch.requires_grad_(torch.cat(self.raw, 0), True)
      self.slots.append(weight)
      self.trained.append(weight)
      self.means.append(torch.zeros_like(weight))
      self.squares.append(torch.zeros_like(weight))
      self.decays.append(self.ints["decays"][0] == 1)
    self.raw = annotate(List[Tensor], [])
    return self.done()

  def finish_loading(self: __torch__.Decoder) -> Tensor:
    self.files = annotate(List[Tensor], [])
    self.frequencies.append(torch.to(self.inverse_frequencies(), self.slots[0].device))
    return self.done()

  # Replaces the rows of a weight (what = 0) or of its moments (1: means, 2: squares) by the parts that were added.
  def replace(self: __torch__.Decoder) -> Tensor:
    place = self.ints["place"]
    torch.copy_(self.values(place[0], place[1]), torch.cat(self.raw, 0))
    self.raw = annotate(List[Tensor], [])
    return self.done()

  def finish_replacing(self: __torch__.Decoder) -> Tensor:
    self.files = annotate(List[Tensor], [])
    self.steps = self.ints["steps"][0]
    return self.zero()

  # A weight (what = 0), its moments (1, 2) or its gradient (3), not as a copy.
  def values(self: __torch__.Decoder, slot: int, what: int) -> Tensor:
    weight = self.slots[slot]
    if what == 0:
      return torch.detach(weight)
    if what == 3:
      if self.differentiated:
        return weight.grad
      return torch.zeros_like(weight)
    place = 0
    for i in range(slot):
      if torch.numel(self.slots[i]) > 0:
        place = place + 1
    if what == 1:
      return self.means[place]
    return self.squares[place]

  def rows(self: __torch__.Decoder, slot: int, what: int, begin: int, count: int) -> Tensor:
    return torch.narrow(self.values(slot, what), 0, begin, count)

  def taken_steps(self: __torch__.Decoder) -> int:
    return self.steps

  # ---- Forward; x is [texts * tokens, width] ---------------------------------------------------------------------------

  # x over its root mean square: RMSNorm without its weight.
  def unit(self: __torch__.Decoder, x: Tensor) -> Tensor:
    length = torch.linalg_vector_norm(x, 2, [-1], True)
    mean = torch.mul(torch.mul(length, length), 1. / float(torch.size(x, -1)))
    return torch.mul(x, torch.rsqrt(torch.add(mean, self.eps)))

  def norm_weight(self: __torch__.Decoder, weight: Tensor) -> Tensor:
    if self.norm_plus_one:
      return torch.add(weight, 1)
    return weight

  def norm(self: __torch__.Decoder, x: Tensor, weight: Tensor) -> Tensor:
    return torch.mul(self.unit(x), self.norm_weight(weight))

  # The norm's weight goes into the matrix behind it: that is smaller than x.
  def normed_linear(self: __torch__.Decoder, x: Tensor, norm: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return self.linear(self.unit(x), torch.mul(weight, self.norm_weight(norm)), bias, self.kind)

  def linear(self: __torch__.Decoder, x: Tensor, weight: Tensor, bias: Tensor, kind: int) -> Tensor:
    if torch.numel(bias) > 0:
      return torch.linear(torch.to(x, kind), torch.to(weight, kind), torch.to(bias, kind))
    return torch.linear(torch.to(x, kind), torch.to(weight, kind))

  # Attention of whole texts: q [b, heads, n, d], k and v [b, kv_heads, n, d]; without a mask, causal.
  def attend(self: __torch__.Decoder, q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tensor:
    repeat = self.heads // self.kv_heads
    if repeat > 1:
      k = torch.repeat_interleave(k, repeat, 1)
      v = torch.repeat_interleave(v, repeat, 1)
    if self.attention_cap > 0.0:
      scores = torch.mul(torch.matmul(q, torch.transpose(k, 2, 3)), self.scale)
      scores = torch.mul(torch.tanh(torch.div(scores, self.attention_cap)), self.attention_cap)
      scores = torch.softmax(torch.add(scores, mask), -1, dtype=6)
      return torch.matmul(torch.to(scores, v.dtype), v)
    if torch.numel(mask) == 0:
      return torch.scaled_dot_product_attention(q, k, v, None, 0., True, scale=self.scale)
    return torch.scaled_dot_product_attention(q, k, v, mask, 0., False, scale=self.scale)

  # 0 where a token may look, -inf elsewhere; [n, n].
  def mask(self: __torch__.Decoder, n: int, window: int) -> Tensor:
    device = self.slots[0].device
    places = torch.arange(0, n, dtype=4, device=device)
    distance = torch.sub(torch.unsqueeze(places, 1), torch.unsqueeze(places, 0))
    hidden = torch.lt(distance, 0)
    if window > 0:
      hidden = torch.logical_or(hidden, torch.ge(distance, window))
    return torch.masked_fill(torch.zeros([n, n], dtype=self.fine, device=device), hidden, -inf)

  # What the head makes of the states at some places of `tokens` [texts, tokens], float32: [places, vocabulary or labels].
  # Texts are filled up at the end, where no real token looks. The last layer is computed at those places alone.
  def outputs(self: __torch__.Decoder, tokens: Tensor, places: Tensor) -> Tensor:
    b = torch.size(tokens, 0)
    n = torch.size(tokens, 1)
    d = self.head_dim
    both = self.heads + self.kv_heads
    device = tokens.device
    x = torch.embedding(self.slots[0], torch.reshape(tokens, [-1]))
    if self.embedding_scale != 1.0:
      x = torch.mul(x, torch.tensor(self.embedding_scale, dtype=6, device=device))
    positions = torch.to(torch.arange(0, n, dtype=4, device=device), 6)
    turns = torch.unsqueeze(torch.mul(torch.unsqueeze(positions, 1), self.frequencies[0]), 1)
    cos = torch.to(torch.cos(turns), self.fine)
    # The sign is that of the half that is turned.
    sin = torch.sin(turns)
    sin = torch.to(torch.cat([torch.neg(torch.slice(sin, 2, 0, d // 2)), torch.slice(sin, 2, d // 2)], 2), self.fine)
    full = torch.empty([0])
    if self.attention_cap > 0.0:
      full = self.mask(n, 0)
    near = full
    if self.window > 0 and n > self.window:
      near = self.mask(n, self.window)
    for l in range(self.layers):
      at = 3 + 14 * l
      qkv = self.normed_linear(x, self.slots[at], self.slots[at + 1], self.slots[at + 2])
      qkv = torch.view(torch.to(qkv, self.fine), [b, n, -1, d])
      if self.qk_norm:
        parts = torch.split_with_sizes(qkv, [self.heads, self.kv_heads, self.kv_heads], 2)
        qk = torch.cat([self.norm(parts[0], self.slots[at + 3]), self.norm(parts[1], self.slots[at + 4])], 2)
        qk = torch.to(qk, self.fine)
        v = parts[2]
      else:
        parts = torch.split_with_sizes(qkv, [both, self.kv_heads], 2)
        qk = parts[0]
        v = parts[1]
      qk = torch.addcmul(torch.mul(qk, cos), torch.roll(qk, [d // 2], [3]), sin)
      turned = torch.split_with_sizes(torch.transpose(qk, 1, 2), [self.heads, self.kv_heads], 1)
      seen = full
      if self.windowed[l]:
        seen = near
      attended = self.attend(turned[0], turned[1], torch.transpose(v, 1, 2), seen)
      attended = torch.reshape(torch.transpose(attended, 1, 2), [b * n, self.heads * d])
      if l == self.layers - 1:
        attended = torch.index_select(attended, 0, places)
        x = torch.index_select(x, 0, places)
      x = self.finish_layer(at, x, attended)
    head = self.slots[2]
    if torch.numel(head) == 0:
      head = self.slots[0]
    y = torch.to(self.linear(self.norm(x, self.slots[1]), head, torch.empty([0]), self.fine), 6)
    if self.final_cap > 0.0:
      y = torch.mul(torch.tanh(torch.div(y, self.final_cap)), self.final_cap)
    return y

  # Everything behind the attention.
  def finish_layer(self: __torch__.Decoder, at: int, x: Tensor, attended: Tensor) -> Tensor:
    y = self.linear(attended, self.slots[at + 5], self.slots[at + 6], self.kind)
    before = self.slots[at + 7]
    if self.sandwich_norms:
      y = self.norm(torch.to(y, 6), before)
      before = self.slots[at + 12]
    x = torch.add(x, y)
    gate, up = torch.chunk(self.normed_linear(x, before, self.slots[at + 8], self.slots[at + 9]), 2, -1)
    if self.gelu:
      h = torch.mul(torch.gelu(gate, approximate="tanh"), up)
    else:
      h = torch.mul(torch.silu(gate), up)
    y = self.linear(h, self.slots[at + 10], self.slots[at + 11], self.kind)
    if self.sandwich_norms:
      y = self.norm(torch.to(y, 6), self.slots[at + 13])
    return torch.add(x, y)

  # ---- Losses ----------------------------------------------------------------------------------------------------------

  # Arguments as tensors.
  def whole(self: __torch__.Decoder, name: str) -> Tensor:
    return torch.tensor(self.ints[name], dtype=4, device=self.slots[0].device)

  def real(self: __torch__.Decoder, name: str) -> Tensor:
    return torch.tensor(self.reals[name], dtype=6, device=self.slots[0].device)

  def at_places(self: __torch__.Decoder) -> Tensor:
    return self.outputs(torch.view(self.whole("tokens"), [-1, self.ints["width"][0]]), self.whole("places"))

  # log p of all tokens at each place, [places, vocabulary].
  def distributions(self: __torch__.Decoder, temperature: float) -> Tensor:
    logits = self.at_places()
    if temperature != 1.0:
      logits = torch.div(logits, temperature)
    return torch.log_softmax(logits, -1)

  def chosen(self: __torch__.Decoder, distributions: Tensor, targets: Tensor) -> Tensor:
    return torch.squeeze(torch.gather(distributions, 1, torch.unsqueeze(targets, 1)), 1)

  def log_probs(self: __torch__.Decoder) -> Tensor:
    return self.chosen(self.distributions(self.number("temperature")), self.whole("targets"))

  def backward(self: __torch__.Decoder, loss: Tensor) -> None:
    torch.backward(loss)
    self.differentiated = True

  # Gives the sum of -log p, and how many targets are the likeliest tokens.
  def sft(self: __torch__.Decoder) -> Tensor:
    torch.set_grad_enabled(True)
    all = self.distributions(1.0)
    wanted = self.whole("targets")
    loss = torch.neg(torch.sum(self.chosen(all, wanted), dtype=7))
    self.backward(torch.mul(loss, self.number("weight")))
    torch.set_grad_enabled(False)
    correct = torch.sum(torch.eq(torch.argmax(all, -1), wanted))
    return torch.stack([torch.detach(loss), torch.to(correct, 7)])

  # The mean over each sequence, in the place of each of its tokens. Its gradient is added up in one order on any device.
  def sequence_means(self: __torch__.Decoder, x: Tensor, lengths: List[int]) -> Tensor:
    means = annotate(List[Tensor], [])
    for part in torch.split_with_sizes(x, lengths):
      means.append(torch.expand_as(torch.mean(part), part))
    return torch.cat(means)

  # GRPO. Gives the loss, the sum of k3, how many tokens were cut off by a clip, the largest ratio, and the sum of the
  # entropies. Without a reference, `reference` is empty; where each token has a ratio of its own, `lengths` is.
  def rl(self: __torch__.Decoder) -> Tensor:
    low = 1. - self.number("clip_low")
    high = 1. + self.number("clip_high")
    beta = self.number("beta")
    torch.set_grad_enabled(True)
    all = self.distributions(self.number("temperature"))
    log_probs = self.chosen(all, self.whole("targets"))
    advantage = self.real("advantages")
    change = torch.sub(log_probs, self.real("old"))
    lengths = self.ints["lengths"]
    if len(lengths) > 0:
      change = self.sequence_means(change, lengths)
    ratio = torch.exp(change)
    bounded = ratio
    dual = self.number("dual_clip")
    if dual > 0.0:
      bounded = torch.clamp_max(ratio, dual)
    clipped = torch.clamp(ratio, low, high)
    losses = torch.neg(torch.minimum(torch.mul(bounded, advantage), torch.mul(clipped, advantage)))
    k3 = torch.zeros_like(losses)
    if len(self.reals["reference"]) > 0:
      farther = torch.sub(self.real("reference"), log_probs)
      k3 = torch.sub(torch.sub(torch.exp(farther), farther), 1)
      if beta != 0.0:
        distance = k3
        if self.number("unbiased") == 1.0:
          distance = torch.mul(k3, ratio)
        losses = torch.add(losses, torch.mul(distance, beta))
    loss = torch.sum(torch.mul(losses, self.real("weights")), dtype=7)
    self.backward(loss)
    torch.set_grad_enabled(False)
    too_low = torch.logical_and(torch.lt(ratio, low), torch.lt(advantage, 0))
    too_high = torch.logical_and(torch.gt(ratio, high), torch.gt(advantage, 0))
    off = torch.logical_or(too_low, too_high)
    if dual > 0.0:
      off = torch.logical_or(off, torch.logical_and(torch.gt(ratio, dual), torch.lt(advantage, 0)))
    cut = torch.sum(off)
    entropy = torch.neg(torch.sum(torch.mul(torch.exp(all), all), dtype=7))
    stats = [torch.detach(loss), torch.sum(k3, dtype=7), torch.to(cut, 7), torch.to(torch.max(ratio), 7), entropy]
    return torch.detach(torch.stack(stats))

  def scores(self: __torch__.Decoder) -> Tensor:
    return torch.select(self.at_places(), 1, 0)

  # Binary cross-entropy. Gives its sum, and how many scores are on the right side.
  def score(self: __torch__.Decoder) -> Tensor:
    torch.set_grad_enabled(True)
    scores = self.scores()
    wanted = self.real("labels")
    # -log sigmoid(s) = softplus(-s), and softplus(s) - softplus(-s) = s; without overflow on either side
    losses = torch.sub(torch.softplus(scores), torch.mul(scores, wanted))
    loss = torch.sum(losses, dtype=7)
    self.backward(torch.mul(loss, self.number("weight")))
    torch.set_grad_enabled(False)
    correct = torch.sum(torch.eq(torch.gt(scores, 0), torch.gt(wanted, 0.5)))
    return torch.stack([torch.detach(loss), torch.to(correct, 7)])

  # ---- AdamW -----------------------------------------------------------------------------------------------------------

  def gradients(self: __torch__.Decoder) -> List[Tensor]:
    out = annotate(List[Tensor], [])
    for weight in self.trained:
      out.append(weight.grad)
    return out

  def zero(self: __torch__.Decoder) -> Tensor:
    if self.differentiated:
      torch._foreach_zero_(self.gradients())
    return self.done()

  # Clips, takes a step unless the gradient is not finite, and forgets the gradients. Gives the gradient's norm before.
  def step(self: __torch__.Decoder) -> Tensor:
    most = self.number("most")
    if not self.differentiated:
      return self.done()
    gradients = self.gradients()
    norm = float(torch.linalg_vector_norm(torch.stack(torch._foreach_norm(gradients, 2))))
    if norm - norm == 0.0:
      # As torch.nn.utils.clip_grad_norm_
      if most > 0.0 and norm + 1e-6 > most:
        torch._foreach_mul_(gradients, most / (norm + 1e-6))
      self.steps = self.steps + 1
      count = torch.full([], float(self.steps), dtype=6, device=self.slots[0].device)
      for decaying in [True, False]:
        weights = annotate(List[Tensor], [])
        slopes = annotate(List[Tensor], [])
        means = annotate(List[Tensor], [])
        squares = annotate(List[Tensor], [])
        counts = annotate(List[Tensor], [])
        for i in range(len(gradients)):
          if self.decays[i] == decaying:
            weights.append(self.trained[i])
            slopes.append(gradients[i])
            means.append(self.means[i])
            squares.append(self.squares[i])
            counts.append(count)
        wanted = 0.
        if decaying:
          wanted = self.number("decay")
        if len(weights) > 0:
          torch._fused_adamw_(weights, slopes, means, squares, annotate(List[Tensor], []), counts, lr=self.number("rate"), beta1=self.number("beta1"), beta2=self.number("beta2"), weight_decay=wanted, eps=self.number("epsilon"), amsgrad=False, maximize=False)
    torch._foreach_zero_(gradients)
    return torch.tensor([norm], dtype=7)
