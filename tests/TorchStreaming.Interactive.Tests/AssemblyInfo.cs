// SPDX-License-Identifier: MIT

// Formatters and the number of tensors alive belong to the process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
