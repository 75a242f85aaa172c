"""The networks of the literature: published counts, shapes, costs, depth, and the claims of the decks about them."""
import re
from math import prod

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from helpers import conv, ledger, models

# Weights and biases, as published or as counted by the implementation most people use.
PARAMETERS = {
    "LeNet-5": 61_706,            # the usual rewrite; 60,000 in 1998, see test_lenet_of_1998_had_60000_parameters
    "AlexNet": 60_965_224,        # two groups, as in the paper ("60 million"); Caffe's bvlc_alexnet has as many
    "VGG-16": 138_357_544,        # "138 million" in table 2 of the paper; torchvision's vgg16
    "GoogLeNet": 6_998_552,       # table 1 of the paper with biases, as Caffe's bvlc_googlenet without auxiliary heads
    "ResNet-18": 11_689_512,      # this and the rest: torchvision's documentation, num_params of the weights
    "ResNet-50": 25_557_032,
    "ResNet-152": 60_192_808,
    "SqueezeNet": 1_248_424,
    "DenseNet-121": 7_978_856,
    "MobileNet v1": 4_231_976,    # "4.2 million" in table 8 of the paper; not part of torchvision
    "MobileNet v2": 3_504_872,
    "EfficientNet-B0": 5_288_548,
}
# Multiplications for one image, as the papers print them, in as many digits as they print.
PRINTED_MACS = {"ResNet-18": "1.8e9", "ResNet-152": "11.3e9", "MobileNet v1": "569e6", "MobileNet v2": "300e6",
                "EfficientNet-B0": "0.39e9"}
# In words or names of the papers.
DEPTH = {"LeNet-5": 5, "AlexNet": 8, "VGG-16": 16, "GoogLeNet": 22, "ResNet-18": 18, "ResNet-50": 50,
         "ResNet-152": 152, "SqueezeNet": 18, "DenseNet-121": 121, "MobileNet v1": 28}
EACH = pytest.mark.parametrize("name", models.MODELS)


def on_meta(name):
    with torch.device("meta"):
        return models.MODELS[name].make().eval()


def share(rows, kind):
    return sum(row.parameters for row in rows if row.type == kind)


@EACH
def test_parameters_are_the_published_ones(name):
    assert models.count_parameters(on_meta(name)) == PARAMETERS[name]


def test_every_network_of_the_table_has_a_published_count():
    assert set(PARAMETERS) == set(models.MODELS)
    years = [known.year for known in models.MODELS.values()]
    assert years == sorted(years)


def test_alexnet_with_one_group_and_on_one_card():
    with torch.device("meta"):
        assert models.count_parameters(models.AlexNet(groups=1)) == 62_378_344
        assert models.count_parameters(models.AlexNet(**models.ONE_CARD)) == 61_100_840  # torchvision's alexnet


def test_lenet_of_1998_had_60000_parameters():
    printed = {"C1": 156, "S2": 12, "C3": 1516, "S4": 32, "C5": 48_120, "F6": 10_164, "output": 0}  # section II.B
    assert models.parameters_1998() == printed and sum(printed.values()) == 60_000


@EACH
def test_logits_come_out_for_any_number_of_channels_and_classes(name):
    known = models.MODELS[name]
    with torch.device("meta"):
        network = known.make(in_channels=2, num_classes=7).eval()
        assert network(torch.zeros(3, 2, *known.input_shape[1:])).shape == (3, 7)


@pytest.mark.parametrize("name", ["LeNet-5", "SqueezeNet", "MobileNet v2", "EfficientNet-B0", "ResNet-18"])
def test_small_ones_compute_and_send_gradients_everywhere(name):
    torch.manual_seed(0)
    network = models.MODELS[name].make(in_channels=1, num_classes=5)
    logits = network(torch.randn(4, 1, 32 if name == "LeNet-5" else 64, 32 if name == "LeNet-5" else 64))
    assert logits.shape == (4, 5) and logits.isfinite().all()
    logits.sum().backward()
    assert all(parameter.grad is not None and parameter.grad.isfinite().all() for parameter in network.parameters())


@EACH
def test_images_that_do_not_fit_get_one_sentence(name):
    network = on_meta(name)
    channels, height, width = models.MODELS[name].input_shape
    for shape in ((1, channels + 1, height, width), (channels, height, width), (1, channels, 31, width)):
        with pytest.raises(ValueError, match="This network takes images of") as error:
            network(torch.zeros(shape, device="meta"))
        assert str(error.value).count(". ") == 0 and str(error.value).endswith(".")


# ---- what they cost


@EACH
def test_milestones_agree_with_torch_and_the_papers(name):
    row = next(row for row in models.milestones() if row.network == name)
    network = on_meta(name)
    with FlopCounterMode(display=False) as counter:
        network(torch.zeros(1, *row.input_shape, device="meta"))
    assert 2 * row.macs == counter.get_total_flops()  # PyTorch counts a multiplication and an addition
    assert row.parameters == PARAMETERS[name]
    assert row.depth == DEPTH.get(name, row.depth)
    assert row.year == models.MODELS[name].year and row.idea and re.match(r"(doi:10\.|arXiv:\d)", row.source)


@pytest.mark.parametrize("name", PRINTED_MACS)
def test_multiplications_are_those_the_papers_print(name):
    printed = PRINTED_MACS[name]
    macs, = (row.macs for row in models.milestones() if row.network == name)
    last_digit = 10.0 ** (int(printed.split("e")[1]) - len(printed.split("e")[0].partition(".")[2]))
    assert abs(macs - float(printed)) < last_digit


def test_resnet_50_costs_what_the_paper_says():
    macs, = (row.macs for row in models.milestones() if row.network == "ResNet-50")
    assert int(macs / 1e8) == 38  # 3.8e9 in table 1, cut off; torchvision's stride on the 3 × 3 makes it 4.09e9


def test_multiplications_of_vgg_and_alexnet_in_closed_form():
    macs = {row.network: row.macs for row in models.milestones()}
    size, before, total = 224, 3, 0
    for stage in ((64,) * 2, (128,) * 2, (256,) * 3, (512,) * 3, (512,) * 3):
        for channels in stage:
            total += conv.conv_multiplications((size, size), before, channels, 3)
            before = channels
        size //= 2
    assert macs["VGG-16"] == total + 25088 * 4096 + 4096 * 4096 + 4096 * 1000
    half = [conv.conv_multiplications((55, 55), 3, 96, 11), 2 * conv.conv_multiplications((27, 27), 48, 128, 5),
            conv.conv_multiplications((13, 13), 256, 384, 3), 2 * conv.conv_multiplications((13, 13), 192, 192, 3),
            2 * conv.conv_multiplications((13, 13), 192, 128, 3), 9216 * 4096, 4096 * 4096, 4096 * 1000]
    assert macs["AlexNet"] == sum(half)


# ---- how far they see

# Printed by Araujo, Norris and Sim (doi:10.23915/distill.00021) with their library google-research/receptive_field.
ARAUJO = {"AlexNet": 195, "VGG-16": 212, "ResNet-50": 483, "ResNet-152": 1507, "MobileNet v1": 315}
CHAINS = {  # (kernel_size, stride) along the longest way
    "LeNet-5": [(5, 1), (2, 2), (5, 1), (2, 2), (5, 1)],
    "SqueezeNet": [(7, 2), (3, 2), *[(3, 1)] * 3, (3, 2), *[(3, 1)] * 4, (3, 2), (3, 1)],
    "ResNet-18": [(7, 2), (3, 2), *[(3, 1)] * 4, *[(3, 2), *[(3, 1)] * 3] * 3],
    "DenseNet-121": [(7, 2), (3, 2), *[(3, 1)] * 6, (2, 2), *[(3, 1)] * 12, (2, 2), *[(3, 1)] * 24, (2, 2),
                     *[(3, 1)] * 16],
}


@pytest.mark.parametrize("name", [*ARAUJO, *CHAINS])
def test_receptive_fields_are_the_printed_ones_or_those_of_the_longest_way(name):
    field, = (row.receptive_field for row in models.milestones() if row.network == name)
    assert field == ARAUJO.get(name, conv.receptive_field(CHAINS.get(name, []))[-1][0] if name in CHAINS else None)


def averaging(module):
    """The network with poolings that use all their pixels, so that the gradient shows all that a unit could see."""
    for name, child in module.named_children():
        if isinstance(child, nn.MaxPool2d):
            setattr(module, name, nn.AvgPool2d(child.kernel_size, child.stride, child.padding, child.ceil_mode))
        elif isinstance(child, nn.LocalResponseNorm | models.SqueezeExcite):
            setattr(module, name, nn.Identity())
        else:
            averaging(child)
    return module


@torch.no_grad()
def all_alike(network):
    """The network with equal positive weights: no sum can cancel and no ReLU is silent."""
    for parameter in network.parameters():
        parameter.fill_(1 / prod(parameter.shape[1:]) if parameter.dim() > 1 else 0)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.weight.fill_(1)
    return network.eval()


def measured_field(network, height):
    """Rows of a tall, narrow image that get a gradient from one row in the middle of the last feature maps."""
    seen = []
    hook = network.pool.register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0]))
    image = torch.full((1, network.in_channels, height, 32), 1e-6, requires_grad=True)
    network(image)
    hook.remove()
    maps, = seen
    maps[:, :, maps.shape[2] // 2].sum().backward()  # all channels: the branches of GoogLeNet see differently far
    rows = image.grad.sum((0, 1, 3)).nonzero()
    return int(rows[-1] - rows[0]) + 1


@pytest.mark.parametrize("name", ["GoogLeNet", "ResNet-50", "SqueezeNet", "MobileNet v2", "EfficientNet-B0"])
def test_receptive_fields_are_where_the_gradient_goes(name):
    field, = (row.receptive_field for row in models.milestones() if row.network == name)
    network = all_alike(averaging(models.MODELS[name].make(in_channels=1, num_classes=2)))
    assert measured_field(network, field + 128) == field


# ---- what the decks say about them


def test_claims_about_dense_layers():
    rows = {name: models.summary(on_meta(name), models.MODELS[name].input_shape) for name in ("AlexNet", "VGG-16")}
    conv_params, fc_params = ([share(table, kind) for table in rows.values()] for kind in ("Conv2d", "Linear"))
    shares = [dense / PARAMETERS[name] for dense, name in zip(fc_params, rows, strict=True)]
    pooling = sum(share(table, "MaxPool2d") for table in rows.values())
    ledger.check("params-in-conv-part", {"conv_params": conv_params, "fc_params": fc_params, "fc_share": shares,
                                         "pooling_params": pooling})
    ledger.check("practical-ai-never-fc", {"alexnet_fc_share": shares[0], "vgg16_fc_share": shares[1]})
    types = [row.type for row in rows["VGG-16"]]
    ledger.check("pool-not-after-every-conv", {"conv_layers": types.count("Conv2d"),
                                               "pool_layers": types.count("MaxPool2d")})
    types = [row.type for row in rows["AlexNet"]]
    with torch.device("meta"):
        one_card = models.count_parameters(models.AlexNet(**models.ONE_CARD))
    ledger.check("alexnet-5conv-3fc", {"conv": types.count("Conv2d"), "fc": types.count("Linear"),
                                       "params_two_group": PARAMETERS["AlexNet"], "params_torchvision": one_card})
    last, = (row for row in rows["VGG-16"] if row.name == "features.30")
    ledger.check("vgg16-params", {"params": sum(row.parameters for row in rows["VGG-16"]),
                                  "rf_last_pool": last.receptive_field, "weight_layers": rows["VGG-16"][-1].depth})


def test_claims_about_lenet():
    rows = models.summary(models.LeNet5(), (1, 32, 32))
    sizes = [32, *(row.shape[1] for row in rows if row.type in ("Conv2d", "AvgPool2d"))]
    ledger.check("lenet5-layers", {"sizes": sizes, "trainable_params_1998": sum(models.parameters_1998().values()),
                                   "params_modern_variant": sum(row.parameters for row in rows)})
    ends = models.ScaledTanh()(torch.tensor([1.0, -1.0], dtype=torch.float64)).tolist()
    ledger.check("lenet5-sigmoid", {"f(1)": ends[0], "f(-1)": ends[1]})


def test_claims_about_googlenet():
    counted = {row.network: row.parameters for row in models.milestones()}
    own = counted["GoogLeNet"]
    ledger.check("googlenet-parameter-efficient", {"params_without_aux": own, "vs_alexnet": counted["AlexNet"] / own,
                                                   "vs_vgg16": counted["VGG-16"] / own})
    with torch.device("meta"):
        block = models.Inception(192, models.INCEPTIONS["3a"])
        assert block(torch.zeros(1, 192, 28, 28)).shape == (1, 256, 28, 28)
        out_channels = sum(branch(torch.zeros(1, 192, 28, 28)).shape[1] for branch in block.branches)
    ledger.check("inception-concat", {"out_channels": out_channels})
    reduced = sum(layer.weight.numel() for layer in block.branches[2].modules() if isinstance(layer, nn.Conv2d))
    direct = conv.conv_parameters(192, 32, 5, bias=False)
    ledger.check("googlenet-1x1", {"direct_5x5_weights": direct, "with_1x1_reduction": reduced,
                                   "factor": direct / reduced})
    ledger.check("inception-gap", {"fc_after_gap": conv.dense_parameters(1024, 1000),
                                   "fc_after_flatten": conv.dense_parameters(1024 * 7 * 7, 1000)})


def test_claims_about_the_others():
    counted = {row.network: row.parameters for row in models.milestones()}
    ledger.check("cnn-over-100-layers", {"example": "ResNet-152", "params": counted["ResNet-152"]})
    ledger.check("resnet-residual", {"params": {"resnet" + name[7:]: counted[name] for name in counted
                                                if name.startswith("ResNet")}})
    sizes = {"K": 11, "S": 4}
    outs = [(width - sizes["K"] + 2 * padding) / sizes["S"] + 1 for width, padding in ((227, 0), (224, 0), (224, 2))]
    built = [conv.output_size(width, 11, 4, padding) for width, padding in ((227, 0), (224, 0), (224, 2))]
    ledger.check("alexnet-227", {"conv1_out": built, "exact": outs})
    entry = ledger.claim("mobilenet-depthwise-separable")
    ledger.check(entry.id, {"cost_ratio": [ratio(maps) for maps in entry.inputs["N_out"]],
                            "formula": entry.expected["formula"], "params_v1": counted["MobileNet v1"]})


def ratio(maps):
    """Multiplications of a depthwise separable convolution over those of an ordinary one."""
    both = [models.separable(maps, maps), models.conv_norm(maps, maps, 3)]
    cheap, full = (sum(row.macs for row in models.summary(layer, (maps, 14, 14))) for layer in both)
    return cheap / full
